import { SegmentedControl, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import { Failed } from '../../parts/Failed';
import { Empty, Panel } from '../../parts/Panel';
import { useText } from '../../text';

type By = 'revenue' | 'quantity';

/** What sold best. */
export function Top({ startDate, endDate }: { startDate: string; endDate: string }) {
  const t = useText();
  const [by, setBy] = useState<By>('revenue');
  const { data, error } = useQuery({
    queryKey: ['top', startDate, endDate, by], refetchInterval: 10_000,
    queryFn: ({ signal }) => get('/api/v1/stats/products/top', { signal, query: { startDate, endDate, by, limit: 10 } }),
  });
  const side = (
    <SegmentedControl size="xs" value={by} onChange={(v) => setBy(v as By)} aria-label={t.stats.top}
      data={[{ value: 'revenue', label: t.stats.byRevenue }, { value: 'quantity', label: t.stats.byQuantity }]} />
  );
  return (
    <Panel title={t.stats.top} side={side}>
      {error && <Failed error={error} />}
      {data?.products.length === 0 && <Empty>{t.stats.nothingSold}</Empty>}
      {data && data.products.length > 0 && (
        <Table>
          <Table.Thead><Table.Tr><Table.Th>#</Table.Th><Table.Th>{t.orders.goods}</Table.Th><Table.Th ta="right" visibleFrom="xs">{t.stats.units}</Table.Th><Table.Th ta="right">{t.stats.net}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {data.products.map((p) => (
              <Table.Tr key={`${p.productId}/${p.variantId}`}>
                <Table.Td className="num">{p.rank}</Table.Td>
                <Table.Td><Text size="sm">{p.name}</Text><Text size="xs" c="dimmed" className="mono">{p.productId}{p.variantId ? `/${p.variantId}` : ''} · {p.sellerId}</Text></Table.Td>
                <Table.Td ta="right" className="num" visibleFrom="xs">{t.common.count(p.units)}</Table.Td>
                <Table.Td ta="right" className="num">{t.common.won(p.revenue)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
