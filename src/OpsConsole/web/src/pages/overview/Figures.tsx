import { Paper, SimpleGrid, Text } from '@mantine/core';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { OverviewData } from '../../api/overview';
import { duration } from '../../parts/format';
import { Sparkline } from '../../parts/Sparkline';
import { useText } from '../../text';

type Figure = {
  label: string; value: ReactNode; detail: string; to: LinkProps['to']; search?: LinkProps['search'];
  line: (number | null | undefined)[]; color: string; isBad?: boolean;
};

/** The figures of the first row, each with its last ten minutes. */
export function Figures({ data }: { data: OverviewData }) {
  const t = useText();
  const { today, series, alerts, queues } = data;
  const open = alerts.reduce((sum, a) => sum + a.count, 0);
  const urgent = alerts.filter((a) => a.severity === 'P1' || a.severity === 'P2').reduce((sum, a) => sum + a.count, 0);
  const waiting = queues.reduce((sum, q) => sum + q.waiting, 0);
  const oldest = Math.max(...queues.map((q) => q.oldestAgeSeconds), 0);
  const none = t.overview.noFigure;
  const time = (ms: number | null | undefined) => (ms == null ? none : duration(ms, t));
  const figures: Figure[] = [
    {
      label: t.overview.ordersPerMinute, value: t.common.count(data.ordersPerMinute), color: 'indigo', to: '/orders',
      detail: t.overview.ordersToday(today.orders), line: series.map((s) => s.ordersPerMinute),
    },
    {
      label: t.overview.success, color: 'teal', to: '/stats',
      value: today.successRatePercent == null ? none : `${today.successRatePercent.toFixed(1)} %`,
      detail: t.overview.successDetail(today.succeeded, today.failed), line: series.map((s) => s.successRatePercent),
    },
    {
      label: `${t.overview.duration} (p50)`, value: time(today.took.p50Ms), color: 'blue', to: '/stats',
      detail: `${t.overview.p99} ${time(today.took.p99Ms)}`, line: series.map((s) => s.p50Ms),
    },
    {
      label: t.overview.revenue, value: t.common.won(today.revenue), color: 'grape', to: '/stats',
      detail: t.overview.revenueDetail, line: series.map((s) => s.revenue),
    },
    {
      label: t.overview.waiting, value: t.common.count(waiting), color: 'cyan', to: '/queues',
      detail: waiting > 0 ? t.overview.oldest(duration(oldest * 1000, t)) : t.overview.queues,
      line: series.map((s) => s.waiting),
    },
    {
      label: t.overview.deadLetters, value: t.common.count(data.deadLetters), color: 'red', to: '/dead-letters',
      detail: t.overview.deadLettersDetail, line: series.map((s) => s.deadLetters), isBad: data.deadLetters > 0,
    },
    {
      label: t.overview.alerts, value: t.common.count(open), color: 'orange', to: '/alerts', isBad: urgent > 0, line: series.map((s) => s.openAlerts),
      detail: alerts.filter((a) => a.count > 0).map((a) => `${a.severity} ${a.count}`).join(' · ') || t.common.none,
    },
    {
      label: t.sagaStatus.needs_attention, color: 'red', to: '/sagas', search: { status: 'needs_attention' },
      line: series.map((s) => s.needAttention),
      value: t.common.count(data.sagas.filter((s) => s.status === 'needs_attention').reduce((sum, s) => sum + s.count, 0)),
      detail: t.overview.needsAttentionDetail, isBad: data.sagas.some((s) => s.status === 'needs_attention'),
    },
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 2, md: 4 }} spacing="sm">
      {figures.map((figure) => <FigureCard key={figure.label} {...figure} />)}
    </SimpleGrid>
  );
}

function FigureCard({ label, value, detail, to, search, line, color, isBad }: Figure) {
  return (
    <Paper p="sm" className="panel card plain" renderRoot={(props) => <Link to={to} search={search} {...props} />}>
      <Text size="sm" c="dimmed" className="clip">{label}</Text>
      <Text fz={{ base: 22, md: 26 }} fw={700} lh={1.25} className="num" {...(isBad ? { c: 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))' } : {})}>{value}</Text>
      <Text size="xs" c="dimmed" className="clip">{detail}</Text>
      <Sparkline values={line} color={color} label={label} />
    </Paper>
  );
}
