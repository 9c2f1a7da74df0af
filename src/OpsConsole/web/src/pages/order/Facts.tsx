import { Button, Divider, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { post, type Schemas } from '../../api/client';
import { CopyText } from '../../parts/CopyText';
import { Fact } from '../../parts/Fact';
import { traceIdOf } from '../../parts/format';
import { Panel } from '../../parts/Panel';
import { ReasonDialog } from '../../parts/ReasonDialog';
import { When } from '../../parts/When';
import { useText } from '../../text';
import { useTimeline, type OrderData } from './data';

/** What was bought, by whom, where it goes, and the ids. */
export function Facts({ order }: { order: OrderData }) {
  const t = useText();
  const [clear, setClear] = useState<Schemas['RevealedOrder']>();
  const [isAsking, setAsking] = useState(false);
  const trace = traceIdOf(useTimeline(order.orderId).data?.entries.find((e) => e.traceparent)?.traceparent);
  const address = clear?.shippingAddress ?? order.shippingAddress;
  const memo = clear ? clear.deliveryMemo : order.deliveryMemo;
  return (
    <Panel title={t.order.lines} side={<Text fw={700} className="num">{t.common.won(order.totalAmount)}</Text>}>
      <Table verticalSpacing={4} horizontalSpacing={0} withRowBorders={false}>
        <Table.Tbody>
          {order.items.map((item) => (
            <Table.Tr key={`${item.productId}/${item.variantId}`}>
              <Table.Td><Text size="sm">{item.name}</Text><Text size="xs" c="dimmed" className="mono">{item.productId}{item.variantId ? `/${item.variantId}` : ''}</Text></Table.Td>
              <Table.Td ta="right" className="num" style={{ whiteSpace: 'nowrap' }}>{t.common.won(item.unitPrice)} × {item.quantity}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr><Table.Td><Text size="sm" c="dimmed">{t.order.fee}</Text></Table.Td><Table.Td ta="right" className="num">{t.common.won(order.shippingFee)}</Table.Td></Table.Tr>
          {order.remainingAmount !== order.totalAmount && (
            <Table.Tr><Table.Td><Text size="sm" c="dimmed">{t.order.remaining}</Text></Table.Td><Table.Td ta="right" className="num">{t.common.won(order.remainingAmount)}</Table.Td></Table.Tr>
          )}
        </Table.Tbody>
      </Table>
      <Divider my="xs" />
      <Stack gap={4}>
        <Fact name={t.order.customer}><Text size="sm">{order.userId}</Text></Fact>
        <Fact name={t.order.placed}><When at={order.orderedAt} as="full" /></Fact>
        <Fact name={t.order.address}>
          <Text size="sm" ta="right">{address.recipientName} · {address.phone}<br />{address.postalCode} {address.address} {address.addressDetail}</Text>
        </Fact>
        {memo && <Fact name={t.order.memo}><Text size="sm">{memo}</Text></Fact>}
        {!clear && <Fact name={t.order.masked}><Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>{t.order.unmask}</Button></Fact>}
        <ReasonDialog title={t.order.unmask} isOpen={isAsking} onClose={() => setAsking(false)} confirm={t.order.unmask} done={t.order.unmasked}
          act={async (reason) => setClear(await post('/api/v1/ops/orders/{orderId}/reveal', { reason }, { params: { orderId: order.orderId } }))}>
          <Text size="sm">{t.order.unmaskHint}</Text>
        </ReasonDialog>
      </Stack>
      <Divider my="xs" />
      <Stack gap={4}>
        <Fact name={t.order.orderId}><CopyText value={order.orderId} label={t.order.orderId} /></Fact>
        <Fact name={t.order.sagaId}><CopyText value={order.sagaId} label={t.order.sagaId} /></Fact>
        <Fact name={t.order.correlationId}><CopyText value={order.correlationId} label={t.order.correlationId} /></Fact>
        {trace && <Fact name={t.order.traceId}><CopyText value={trace} label={t.order.traceId} /></Fact>}
      </Stack>
    </Panel>
  );
}
