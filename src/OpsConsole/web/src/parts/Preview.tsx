import { Alert, Code, List, Stack, Text } from '@mantine/core';
import type { Schemas } from '../api/client';
import { useText } from '../text';

type Rehearsal = Schemas['Rehearsal'];

const colors: Record<string, string> = { changes: 'blue', nothing: 'gray', duplicate: 'gray', fails: 'red', refused: 'orange' };

/** What something would do. Nothing of it has happened. */
export function Preview({ rehearsal }: { rehearsal: Rehearsal }) {
  const t = useText();
  const service = (queue: string) => t.services[queue.split('-')[0]?.replace('order', 'orders').replace('payment', 'payments').replace('notification', 'notifications') ?? ''] ?? queue;
  return (
    <Alert color={colors[rehearsal.verdict] ?? 'gray'} title={t.preview.verdicts[rehearsal.verdict] ?? rehearsal.verdict} data-testid="preview" data-verdict={rehearsal.verdict}>
      <Stack gap={6}>
        {rehearsal.verdict !== 'changes' && <Text size="sm" className="wrap">{rehearsal.explanation}</Text>}
        {rehearsal.messages.length > 0 && (
          <Part title={t.preview.sends}>
            {rehearsal.messages.map((m) => (
              <List.Item key={m.eventId}><span className="mono">{m.eventType}</span>{m.queues.length > 0 && ` → ${m.queues.map(service).join(', ')}`}{m.again && ` (${t.preview.again})`}</List.Item>
            ))}
          </Part>
        )}
        {rehearsal.changes.length > 0 && (
          <Part title={t.preview.changes}>
            {rehearsal.changes.map((c) => (
              <List.Item key={c.document}><span className="mono wrap">{c.document}</span> {c.isNew ? t.preview.made : c.members.join(', ')}</List.Item>
            ))}
          </Part>
        )}
        {rehearsal.effects.length > 0 && <Part title={t.preview.calls}>{rehearsal.effects.map((e) => <List.Item key={e}>{e}</List.Item>)}</Part>}
        {rehearsal.alerts.length > 0 && <Part title={t.preview.alerts}>{rehearsal.alerts.map((a) => <List.Item key={a}><span className="wrap">{a}</span></List.Item>)}</Part>}
        {rehearsal.remarks.length > 0 && <Part title={t.preview.remarks}>{rehearsal.remarks.map((r) => <List.Item key={r}>{r}</List.Item>)}</Part>}
        {rehearsal.error && <Code block mah={200} style={{ overflow: 'auto' }} tabIndex={0}>{rehearsal.error}</Code>}
      </Stack>
    </Alert>
  );
}

const Part = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <div><Text size="sm" fw={600}>{title}</Text><List size="sm" spacing={2}>{children}</List></div>
);
