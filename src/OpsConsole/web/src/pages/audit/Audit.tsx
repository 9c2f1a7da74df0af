import { Paper, Select, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { getPage, type Schemas } from '../../api/client';
import { PageTitle } from '../../parts/PageTitle';
import { Pages } from '../../parts/Pages';
import { When } from '../../parts/When';
import { useText } from '../../text';

const services = ['orders', 'inventory', 'payments', 'shipping', 'notifications', 'stats'];

/** What people did: who, what, on what, when and why. */
export function Audit() {
  const t = useText();
  const [service, setService] = useState<string | null>(null);
  return (
    <Stack gap="sm">
      <PageTitle>{t.nav.audit}</PageTitle>
      <Select value={service} onChange={setService} clearable placeholder={t.common.service} aria-label={t.common.service} maw={220}
        data={services.map((s) => ({ value: s, label: t.services[s] ?? s }))} />
      <Pages queryKey={['audit', service]} every={5_000} empty={t.audit.empty}
        read={(cursor, signal) => getPage('/api/v1/ops/audit', { signal, query: { service, cursor, limit: 50 } })}>
        {(rows: Schemas['AuditEntryView'][]) => (
          <Paper className="panel" p="xs">
            <Table.ScrollContainer minWidth={720}>
              <Table>
                <Table.Thead><Table.Tr>{[t.common.time, t.audit.who, t.audit.what, t.audit.on, t.common.reason].map((h) => <Table.Th key={h}>{h}</Table.Th>)}</Table.Tr></Table.Thead>
                <Table.Tbody>
                  {rows.map((row, i) => (
                    <Table.Tr key={`${row.at}/${row.subject}/${i}`}>
                      <Table.Td><When at={row.at} as="full" style={{ whiteSpace: 'nowrap' }} /></Table.Td>
                      <Table.Td>{row.actor ?? '–'}</Table.Td>
                      <Table.Td><Text size="sm" className="mono">{row.action}</Text><Text size="xs" c="dimmed">{t.services[row.service] ?? row.service}</Text></Table.Td>
                      <Table.Td><Text size="xs" className="mono wrap">{row.subject}</Text></Table.Td>
                      <Table.Td><Text size="sm" className="wrap">{row.reason}</Text></Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Paper>
        )}
      </Pages>
    </Stack>
  );
}
