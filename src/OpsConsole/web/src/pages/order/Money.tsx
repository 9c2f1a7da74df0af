import { Badge, Divider, Group, Stack, Text } from '@mantine/core';
import { CopyText } from '../../parts/CopyText';
import { Failed } from '../../parts/Failed';
import { Empty, Panel } from '../../parts/Panel';
import { When } from '../../parts/When';
import { Fact } from '../../parts/Fact';
import { useText } from '../../text';
import { usePayment, type OrderData } from './data';

/** The payment's document and its books. */
export function Money({ order }: { order: OrderData }) {
  const t = useText();
  const { data, error } = usePayment(order.orderId, order.payment?.paymentId);
  if (error) {
    return <Failed error={error} />;
  }
  if (!data) {
    return <Panel title={t.order.payment}><Empty>{t.order.noPayment}</Empty></Panel>;
  }
  const { payment, ledger, refunds } = data;
  return (
    <Panel title={t.order.payment} side={<Badge color={payment.status === 'refund_failed' ? 'red' : 'gray'}>{payment.status}</Badge>}>
      <Stack gap={4}>
        <Fact name={t.order.captured}><Text size="sm" className="num">{t.common.won(payment.captured)}</Text></Fact>
        <Fact name={t.order.refunded}><Text size="sm" className="num">{t.common.won(payment.refunded)}</Text></Fact>
        {payment.settledByHand > 0 && <Fact name={t.order.settledByHand}><Text size="sm" className="num">{t.common.won(payment.settledByHand)}</Text></Fact>}
        {payment.method && <Fact name={t.order.method}><Text size="sm">{payment.method}</Text></Fact>}
        <Fact name="ID"><CopyText value={payment.paymentId} label={t.order.payment} /></Fact>
      </Stack>
      {ledger.length + refunds.length > 0 && <Divider my="xs" />}
      {ledger.map((row) => (
        <Group key={`${row.at}${row.reason}`} justify="space-between" wrap="nowrap">
          <Text size="sm">{row.reason}</Text>
          <Group gap="md" wrap="nowrap"><Text size="sm" className="num">{t.common.won(row.amount)}</Text><When at={row.at} as="clock" /></Group>
        </Group>
      ))}
      {refunds.map((refund) => (
        <div key={refund.refundId}>
          <Group justify="space-between" wrap="nowrap"><Text size="sm">{t.order.refunds}: {refund.kind}</Text><Badge color={refund.status === 'failed' ? 'red' : 'gray'}>{refund.status}</Badge></Group>
          {refund.lastError && <Text size="xs" c="dimmed" className="wrap">{refund.lastError}</Text>}
        </div>
      ))}
    </Panel>
  );
}
