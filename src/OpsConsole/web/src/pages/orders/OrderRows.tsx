import { Group, Loader, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Schemas } from '../../api/client';
import { OrderBadge, SagaBadge } from '../../parts/badges';
import { useTimes } from '../../parts/format';
import { Empty } from '../../parts/Panel';
import { useText } from '../../text';
import classes from './OrderRows.module.css';

type Order = Schemas['OpsOrderView'];
type Props = { orders: Order[]; isLoading: boolean; hasMore: boolean; loadMore: () => void };

/** The rows that are in sight, of however many there are. */
export function OrderRows({ orders, isLoading, hasMore, loadMore }: Props) {
  const t = useText();
  const scroll = useRef<HTMLDivElement>(null);
  const isNarrow = useMediaQuery('(max-width: 62em)') ?? false;
  const rowHeight = isNarrow ? 84 : 46;
  const rows = useVirtualizer({
    count: orders.length, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: 12,
  });
  useEffect(() => rows.measure(), [rows, rowHeight]);
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && !isLoading && last >= orders.length - 20) {
      loadMore(); // also when a page came back empty, because nothing on it was wanted
    }
  }, [hasMore, isLoading, last, orders.length, loadMore]);
  return (
    <div role="table" aria-label={t.orders.title} aria-rowcount={hasMore ? -1 : orders.length}>
      {!isNarrow && <Head />}
      <div ref={scroll} className={classes.scroll} role="rowgroup" tabIndex={0} aria-label={t.orders.title}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
          {seen.map((item) => {
            const order = orders[item.index];
            return order && (
              <div key={order.orderId} role="row" aria-rowindex={item.index + 1} className={classes.row}
                style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}>
                {isNarrow ? <NarrowRow order={order} /> : <WideRow order={order} />}
              </div>
            );
          })}
        </div>
        <div style={{ padding: '4px 16px 12px' }}>
          {isLoading && <Group gap="xs" role="status"><Loader size={14} /><Text size="sm" c="dimmed">{orders.length === 0 && !hasMore ? t.common.loading : t.orders.searching}</Text></Group>}
          {!isLoading && orders.length === 0 && !hasMore && <Empty hint={t.orders.emptyHint}>{t.orders.empty}</Empty>}
          {!isLoading && orders.length > 0 && !hasMore && <Text size="xs" c="dimmed" pt={8}>{t.orders.end}</Text>}
        </div>
      </div>
    </div>
  );
}

function Head() {
  const t = useText();
  const names = [t.orders.number, t.orders.ordered, t.orders.customer, t.orders.goods, t.orders.amount, t.orders.status, t.orders.saga];
  return (
    <div role="row" className={`${classes.wide} ${classes.head}`}>
      {names.map((name, i) => <Text key={name} role="columnheader" size="xs" fw={600} c="dimmed" ta={i === 4 ? 'right' : 'left'}>{name}</Text>)}
    </div>
  );
}

function WideRow({ order }: { order: Order }) {
  const t = useText();
  const times = useTimes();
  return (
    <div className={classes.wide} role="presentation">
      <div role="cell"><Number order={order} /></div>
      <Text role="cell" size="sm" className="num clip">{times.short(order.orderedAt)}</Text>
      <Text role="cell" size="sm" className="clip">{order.userId}</Text>
      <Goods order={order} />
      <Text role="cell" size="sm" className="num" ta="right">{t.common.won(order.totalAmount)}</Text>
      <div role="cell"><OrderBadge status={order.status} /></div>
      <Group role="cell" gap={6} wrap="nowrap" miw={0}>
        <SagaBadge status={order.sagaStatus} />
        {order.currentStep && <Text size="xs" c="dimmed" className="clip">{t.steps[order.currentStep] ?? order.currentStep}</Text>}
      </Group>
    </div>
  );
}

function NarrowRow({ order }: { order: Order }) {
  const t = useText();
  const times = useTimes();
  return (
    <div className={classes.narrow} role="cell">
      <Group justify="space-between" wrap="nowrap" gap="xs"><Number order={order} /><Text size="sm" fw={600} className="num">{t.common.won(order.totalAmount)}</Text></Group>
      <Text size="xs" c="dimmed" className="clip">{times.short(order.orderedAt)} · {order.userId} · {order.title}</Text>
      <Group gap={6} wrap="nowrap"><OrderBadge status={order.status} /><SagaBadge status={order.sagaStatus} /></Group>
    </div>
  );
}

const Number = ({ order }: { order: Order }) => (
  <Link to="/orders/$orderId" params={{ orderId: order.orderId }} className={`num ${classes.number}`}>{order.orderNumber}</Link>
);

function Goods({ order }: { order: Order }) {
  const t = useText();
  return (
    <Text role="cell" size="sm" className="clip">
      {order.title}{order.lines > 1 && <Text span size="sm" c="dimmed"> {t.orders.moreLines(order.lines - 1)}</Text>}
    </Text>
  );
}
