import { Grid, Group, SegmentedControl, SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { get } from '../../api/client';
import { Chart } from '../../parts/Chart';
import { Failed } from '../../parts/Failed';
import { duration } from '../../parts/format';
import { PageTitle } from '../../parts/PageTitle';
import { Panel } from '../../parts/Panel';
import { useText } from '../../text';
import { Sum } from './Sum';
import { Top } from './Top';

/** A day in Seoul, so many days ago. */
const day = (ago: number) => new Date(Date.now() + 9 * 3_600_000 - ago * 86_400_000).toISOString().slice(0, 10);

/** Sales per day, what sold best, and how long sagas took. */
export function Stats() {
  const t = useText();
  const [days, setDays] = useState('14');
  const period = { startDate: day(Number(days) - 1), endDate: day(0) };
  const query = { period: 'day', ...period };
  const sales = useQuery({ queryKey: ['sales', days], refetchInterval: 5_000, queryFn: ({ signal }) => get('/api/v1/stats/sales', { signal, query }) });
  const sagas = useQuery({ queryKey: ['saga-figures', days], refetchInterval: 5_000, queryFn: ({ signal }) => get('/api/v1/stats/sagas', { signal, query }) });
  const error = sales.error ?? sagas.error;
  const total = sales.data?.total;
  const won = t.common.won;
  return (
    <Stack>
      <PageTitle side={<SegmentedControl value={days} onChange={setDays} data={['7', '14', '30'].map((d) => ({ value: d, label: t.stats.days(Number(d)) }))} aria-label={t.stats.period} />}>
        {t.nav.stats}
      </PageTitle>
      {error && <Failed error={error} reset={() => { void sales.refetch(); void sagas.refetch(); }} />}
      {total && sagas.data && (
        <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
          <Sum name={t.stats.net} value={won(total.net)} detail={`${t.stats.gross} ${won(total.gross)} · ${t.order.refunded} ${won(total.refunded)}`} />
          <Sum name={t.nav.orders} value={t.common.count(total.orders)} detail={t.stats.paid(total.paidOrders)} />
          <Sum name={t.stats.average} value={won(total.averageOrderValue)} detail={t.stats.averageHint} />
          <Sum name={t.stats.success} value={sagas.data.total.successRatePercent == null ? t.overview.noFigure : `${sagas.data.total.successRatePercent} %`}
            detail={`p50 ${time(sagas.data.total.successTook.p50Ms)} · p95 ${time(sagas.data.total.successTook.p95Ms)} · p99 ${time(sagas.data.total.successTook.p99Ms)}`} />
        </SimpleGrid>
      )}
      <Grid>
        <Grid.Col span={{ base: 12, lg: 7 }}><Panel title={t.stats.sales}>{sales.data ? <SalesChart sales={sales.data} /> : <Skeleton h={220} />}</Panel></Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}><Panel title={t.stats.took}>{sagas.data ? <TookChart sagas={sagas.data} /> : <Skeleton h={220} />}</Panel></Grid.Col>
      </Grid>
      <Group grow align="stretch"><Top {...period} /></Group>
    </Stack>
  );

  function time(ms: number | null | undefined) {
    return ms == null ? t.overview.noFigure : duration(ms, t);
  }
}

type Of<P extends '/api/v1/stats/sales' | '/api/v1/stats/sagas'> = Awaited<ReturnType<typeof get<P>>>;

function SalesChart({ sales }: { sales: Of<'/api/v1/stats/sales'> }) {
  const t = useText();
  const days = useMemo(() => sales.buckets.map((b) => b.startDate), [sales]);
  const lines = useMemo(() => [
    { label: t.stats.net, color: '#5c7cfa', kind: 'bars' as const, values: sales.buckets.map((b) => b.net) },
    { label: t.order.refunded, color: '#e8590c', kind: 'line' as const, values: sales.buckets.map((b) => b.refunded) },
  ], [sales, t]);
  return <Chart label={t.stats.sales} days={days} lines={lines} show={t.common.won} />;
}

function TookChart({ sagas }: { sagas: Of<'/api/v1/stats/sagas'> }) {
  const t = useText();
  const days = useMemo(() => sagas.buckets.map((b) => b.startDate), [sagas]);
  const lines = useMemo(() => [
    { label: 'p50', color: '#12b886', kind: 'bars' as const, values: sagas.buckets.map((b) => b.successTook.p50Ms ?? null) },
    { label: 'p99', color: '#7950f2', kind: 'line' as const, values: sagas.buckets.map((b) => b.successTook.p99Ms ?? null) },
  ], [sagas]);
  const show = useCallback((ms: number) => duration(ms, t), [t]);
  return <Chart label={t.stats.took} days={days} lines={lines} show={show} />;
}
