import { Group, Paper, SegmentedControl, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { getPage, type Schemas } from '../../api/client';
import { PageTitle } from '../../parts/PageTitle';
import { Pages } from '../../parts/Pages';
import { useText } from '../../text';
import { AlertRow } from './AlertRow';

type Status = 'open' | 'resolved' | 'all';

/** What a person must look at, the most urgent first. */
export function Alerts() {
  const t = useText();
  const [status, setStatus] = useState<Status>('open');
  const [severity, setSeverity] = useState<string | null>(null);
  return (
    <Stack gap="sm">
      <PageTitle>{t.nav.alerts}</PageTitle>
      <Group align="flex-end">
        <SegmentedControl value={status} onChange={(v) => setStatus(v as Status)} aria-label={t.common.status}
          data={[{ value: 'open', label: t.alerts.open }, { value: 'resolved', label: t.alerts.resolved }, { value: 'all', label: t.common.all }]} />
        <Select value={severity} onChange={setSeverity} clearable placeholder={t.alerts.severity} aria-label={t.alerts.severity} w={150}
          data={(['P1', 'P2', 'P3', 'P4'] as const).map((p) => ({ value: p, label: `${p} · ${t.alerts.urgency[p]}` }))} />
      </Group>
      <Pages queryKey={['alerts', status, severity]} every={3_000} empty={t.alerts.empty}
        read={(cursor, signal) => getPage('/api/v1/ops/alerts', { signal, query: { status, severity, cursor, limit: 50 } })}>
        {(alerts: Schemas['AlertView'][]) => alerts.map((alert) => (
          <Paper key={alert.alertId} p="md" className="panel"><AlertRow alert={alert} /></Paper>
        ))}
      </Pages>
    </Stack>
  );
}
