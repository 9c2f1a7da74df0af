import { Badge, type MantineColor } from '@mantine/core';
import type { Schemas } from '../api/client';
import { useText } from '../text';

type OrderStatus = Schemas['OrderStatus'];
type SagaStatus = Schemas['SagaStatus'];
type StepStatus = Schemas['StepStatus'];

const orderColors: Record<OrderStatus, MantineColor> = {
  pending: 'gray', inventory_reserved: 'cyan', paid: 'blue', preparing: 'indigo', shipped: 'violet', delivered: 'teal',
  cancelling: 'orange', cancelled: 'gray', returning: 'orange', returned: 'gray',
};
const sagaColors: Record<SagaStatus, MantineColor> = {
  in_progress: 'blue', completed: 'teal', compensating: 'orange', cancelled: 'gray', needs_attention: 'red',
};
export const stepColors: Record<StepStatus, MantineColor> = {
  pending: 'gray', in_progress: 'blue', completed: 'teal', failed: 'gray', timed_out: 'orange', compensating: 'orange',
  compensated: 'grape', compensation_failed: 'red', skipped: 'gray', stuck: 'red',
};

/** Whether calls go through a circuit. */
export const breakerColors: Record<string, MantineColor> = { closed: 'teal', open: 'red', half_open: 'orange' };

export function OrderBadge({ status }: { status: OrderStatus }) {
  return <Badge color={orderColors[status]}>{useText().orderStatus[status]}</Badge>;
}

export function SagaBadge({ status }: { status: SagaStatus }) {
  const needsAttention = status === 'needs_attention';
  return (
    <Badge color={needsAttention ? 'red.9' : sagaColors[status]} variant={needsAttention ? 'filled' : 'light'}>
      {useText().sagaStatus[status]}
    </Badge>
  );
}

export function StepBadge({ status = 'pending' }: { status?: StepStatus | undefined }) {
  return <Badge color={stepColors[status]}>{useText().stepStatus[status]}</Badge>;
}

export function SeverityBadge({ severity }: { severity: Schemas['AlertSeverity'] }) {
  const color = { P1: 'red.9', P2: 'orange', P3: 'blue', P4: 'gray' }[severity];
  return <Badge color={color} variant={severity === 'P1' ? 'filled' : 'light'}>{severity}</Badge>;
}
