import { Group, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { get } from '../../api/client';
import { OrderBadge } from '../../parts/badges';
import { OrderLink } from '../../parts/OrderLink';
import { Empty, Panel } from '../../parts/Panel';
import { useText } from '../../text';
import type { Placed } from './place';

/** The orders placed last, and where each stands. */
export function PlacedList({ orders }: { orders: Placed[] }) {
  const t = useText();
  const found = useQueries({
    queries: orders.map((order) => ({
      queryKey: ['placed', order.orderId], refetchInterval: 2_000,
      queryFn: ({ signal }: { signal: AbortSignal }) => get('/api/v1/ops/search', { signal, query: { q: order.orderId } }),
    })),
  });
  return (
    <Panel title={t.playground.placed}>
      {orders.length === 0 && <Empty>{t.playground.noneYet}</Empty>}
      {orders.map((order, i) => (
        <Group key={order.orderId} justify="space-between" py={3} wrap="nowrap">
          <OrderLink orderId={order.orderId}>{order.orderNumber}</OrderLink>
          <Text size="xs" c="dimmed" className="clip">{t.playground.names[order.scenario]}</Text>
          <OrderBadge status={found[i]?.data?.[0]?.order.status ?? order.status} />
        </Group>
      ))}
    </Panel>
  );
}
