import { Badge, Divider, Group, Skeleton, Stack, Text } from '@mantine/core';
import { CopyText } from '../../parts/CopyText';
import { Failed } from '../../parts/Failed';
import { Empty, Panel } from '../../parts/Panel';
import { When } from '../../parts/When';
import { Fact } from '../../parts/Fact';
import type { Schemas } from '../../api/client';
import { useText } from '../../text';
import { usePayment, type OrderData } from './data';

/** The payment's document and its books. */
export function Money({ order }: { order: OrderData }) {
  const t = useText();
  const { data, error, isLoading, refetch } = usePayment(order.orderId, order.payment?.paymentId);
  const status = data?.payment.status;
  return (
    <Panel title={t.order.payment} side={status && <Badge color={status === 'refund_failed' ? 'red' : 'gray'}>{t.payments.statuses[status] ?? status}</Badge>}>
      {error && <Failed error={error} reset={() => void refetch()} />}
      {isLoading && <Skeleton h={80} />}
      {!data && !error && !isLoading && <Empty>{t.order.noPayment}</Empty>}
      {data && <Books payment={data} />}
    </Panel>
  );
}

function Books({ payment: { payment, ledger, refunds } }: { payment: Schemas['PaymentView'] }) {
  const t = useText();
  return (
    <>
      <Stack gap={4}>
        <Fact name={t.order.captured}><Text size="sm" className="num">{t.common.won(payment.captured)}</Text></Fact>
        <Fact name={t.order.refunded}><Text size="sm" className="num">{t.common.won(payment.refunded)}</Text></Fact>
        {payment.settledByHand > 0 && <Fact name={t.order.settledByHand}><Text size="sm" className="num">{t.common.won(payment.settledByHand)}</Text></Fact>}
        {payment.retained > 0 && <Fact name={t.order.retained}><Text size="sm" className="num">{t.common.won(payment.retained)}</Text></Fact>}
        {payment.method && <Fact name={t.order.method}><Text size="sm">{t.payments.methods[payment.method] ?? payment.method}</Text></Fact>}
        <Fact name="ID"><CopyText value={payment.paymentId} label={t.order.payment} /></Fact>
      </Stack>
      {ledger.length + refunds.length > 0 && <Divider my="xs" />}
      {ledger.map((row) => (
        <Group key={`${row.at}${row.reason}`} justify="space-between" wrap="nowrap">
          <Text size="sm">{t.payments.movements[row.reason] ?? row.reason}</Text>
          <Group gap="md" wrap="nowrap"><Text size="sm" className="num">{t.common.won(row.amount)}</Text><When at={row.at} as="clock" /></Group>
        </Group>
      ))}
      {refunds.map((refund) => (
        <div key={refund.refundId}>
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{t.order.refunds}: {t.payments.refundKinds[refund.kind] ?? refund.kind}</Text>
            <Badge color={refund.status === 'failed' ? 'red' : 'gray'}>{t.payments.refundStatuses[refund.status] ?? refund.status}</Badge>
          </Group>
          {refund.lastError && <Text size="xs" c="dimmed" className="wrap">{refund.lastError}</Text>}
        </div>
      ))}
    </>
  );
}
