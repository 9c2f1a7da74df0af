import { Divider, Group, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyText } from '../../parts/CopyText';
import { Panel } from '../../parts/Panel';
import { When } from '../../parts/When';
import { useText } from '../../text';
import type { OrderData } from './data';

/** What was bought, by whom, where it goes, and the ids. */
export function Facts({ order }: { order: OrderData }) {
  const t = useText();
  const address = order.shippingAddress;
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
        {order.deliveryMemo && <Fact name={t.order.memo}><Text size="sm">{order.deliveryMemo}</Text></Fact>}
      </Stack>
      <Divider my="xs" />
      <Stack gap={4}>
        <Fact name={t.order.orderId}><CopyText value={order.orderId} label={t.order.orderId} /></Fact>
        <Fact name={t.order.sagaId}><CopyText value={order.sagaId} label={t.order.sagaId} /></Fact>
        <Fact name={t.order.correlationId}><CopyText value={order.correlationId} label={t.order.correlationId} /></Fact>
      </Stack>
    </Panel>
  );
}

/** A name and a value on one line. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" gap="md">
      <Text size="sm" c="dimmed" style={{ flexShrink: 0 }}>{name}</Text>
      {children}
    </Group>
  );
}
