import { Chip, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { Failed } from '../../parts/Failed';
import { Empty, Panel } from '../../parts/Panel';
import { Ago } from '../../parts/When';
import { useText } from '../../text';
import { useTimeline, type Entry } from './data';
import { Message } from './Message';
import { TimelineRow } from './TimelineRow';

type Kind = Schemas['TimelineKind'];

/** Everything that happened, in one list; a kind can be picked out. */
export function Timeline({ orderId }: { orderId: string }) {
  const t = useText();
  const { data, error, refetch } = useTimeline(orderId);
  const [kind, setKind] = useState<Kind | 'all'>('all');
  const [looked, setLooked] = useState<Entry>();
  const entries = data?.entries ?? [];
  const kinds = [...new Set(entries.map((e) => e.kind))];
  const shown = kind === 'all' ? entries : entries.filter((e) => e.kind === kind);
  return (
    <Panel title={t.order.timeline} side={<Text size="sm" c="dimmed" className="num">{t.common.count(entries.length)}</Text>}>
      {error && <Failed error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={200} />}
      {data && (
        <Stack gap="sm">
          <Chip.Group value={kind} onChange={(value) => setKind(value as Kind | 'all')}>
            <Group gap={6}>
              <Chip value="all" size="xs">{t.common.all}</Chip>
              {kinds.map((k) => <Chip key={k} value={k} size="xs">{t.order.kinds[k]} {entries.filter((e) => e.kind === k).length}</Chip>)}
            </Group>
          </Chip.Group>
          {shown.length === 0 && <Empty>{t.order.timelineEmpty}</Empty>}
          <ol style={{ listStyle: 'none', margin: 0, padding: 0 }} data-testid="timeline">
            {shown.map((entry, i) => <TimelineRow key={`${entry.eventId ?? entry.at}/${entry.name}/${i}`} entry={entry} onLook={setLooked} />)}
          </ol>
          <Timers timers={data.timers} />
        </Stack>
      )}
      <Message orderId={orderId} entry={looked} onClose={() => setLooked(undefined)} />
    </Panel>
  );
}

function Timers({ timers }: { timers: Schemas['TimelineTimer'][] }) {
  const t = useText();
  if (timers.length === 0) {
    return null;
  }
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>{t.order.timers}</Text>
      {timers.map((timer) => (
        <Group key={timer.name} justify="space-between" wrap="nowrap">
          <Text size="sm">{t.services[timer.service] ?? timer.service}: {t.order.timerNames[timer.name] ?? timer.name}</Text>
          <Ago at={timer.at} />
        </Group>
      ))}
    </div>
  );
}
