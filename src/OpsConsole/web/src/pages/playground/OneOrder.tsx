import { Group, Skeleton } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { OrderBadge, SagaBadge } from '../../parts/badges';
import { OrderLink } from '../../parts/OrderLink';
import { Panel } from '../../parts/Panel';
import { useOrder, useSaga, type OrderData } from '../order/data';
import { Outlook } from '../order/Outlook';
import { SagaGraph } from '../order/SagaGraph';
import type { Placed } from './place';

type Props = { order: Placed; outline: Schemas['SagaOutline'] };

/** The one order that was placed, as it moves. */
export function OneOrder({ order, outline }: Props) {
  const { data } = useOrder(order.orderId);
  return data ? <Moving order={data} outline={outline} /> : <Skeleton h={300} radius="lg" />;
}

function Moving({ order, outline }: { order: OrderData; outline: Schemas['SagaOutline'] }) {
  const found = useSaga(order);
  const saga = found.data ?? order.saga;
  return (
    <>
      <Panel title={<OrderLink orderId={order.orderId}>{order.orderNumber}</OrderLink>} side={<Group gap="xs"><OrderBadge status={order.status} /><SagaBadge status={saga.status} /></Group>}>
        <SagaGraph outline={outline} saga={saga} />
      </Panel>
      <Outlook saga={saga} />
    </>
  );
}
