import { Badge, Button, Group, NumberInput, SimpleGrid, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, get, post, type Schemas } from '../../api/client';
import type { OverviewData } from '../../api/overview';
import { Failed } from '../../parts/Failed';
import { Panel } from '../../parts/Panel';
import { ReasonDialog } from '../../parts/ReasonDialog';
import { Ago } from '../../parts/When';
import { useText } from '../../text';

type Letters = Schemas['DeadLetterGroup'];
type Queues = OverviewData['queues'];
const usualRate = 50;
const groupsShown = 100;

/** Letters that died of the same thing, and redriving all of them. */
export function Groups({ queue, queues }: { queue: string | undefined; queues: Queues }) {
  const t = useText();
  const [chosen, setChosen] = useState<Letters | 'all'>();
  const { data, error, refetch } = useQuery({
    queryKey: ['dead-letter-groups', queue],
    queryFn: ({ signal }) => get('/api/v1/ops/dead-letters/groups', { signal, query: { queue, limit: groupsShown } }),
    refetchInterval: 3_000,
  });
  if (error) {
    return <Failed error={error} reset={() => void refetch()} />;
  }
  if (!data || data.length === 0) {
    return null;
  }
  const side = <Button size="compact-sm" variant="light" onClick={() => setChosen('all')}>{t.deadLetters.redriveAll}</Button>;
  return (
    <Panel title={t.deadLetters.groups} side={side}>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {data.map((group) => (
          <div key={`${group.queue}/${group.eventType}/${group.reason}`}>
            <Group gap="xs" wrap="nowrap"><Badge color="red" size="lg" className="num">{t.common.count(group.count)}</Badge><Text fw={650} className="mono clip">{group.eventType}</Text></Group>
            <Text size="sm" className="wrap" mt={4}>{group.reason}</Text>
            <Group gap="xs" mt={4}>
              <Text size="xs" c="dimmed">{group.queue}</Text><Ago at={group.lastDeadAt} size="xs" c="dimmed" />
              <Button size="compact-xs" variant="default" onClick={() => setChosen(group)}>{t.deadLetters.redriveGroup}</Button>
            </Group>
          </div>
        ))}
      </SimpleGrid>
      {data.length === groupsShown && <Text size="sm" c="dimmed" mt="sm">{t.deadLetters.moreGroups(groupsShown)}</Text>}
      <RedriveDialog chosen={chosen} queues={queues.filter((q) => queue === undefined || q.queue === queue || q.deadLetterQueue === queue)} onClose={() => setChosen(undefined)} />
    </Panel>
  );
}

type DialogProps = { chosen: Letters | 'all' | undefined; queues: Queues; onClose: () => void };

function RedriveDialog({ chosen, queues, onClose }: DialogProps) {
  const t = useText();
  const [rate, setRate] = useState(usualRate);
  // There may be more groups than are shown: how many letters there are altogether, the queues say.
  const concerned = queues.filter((q) => q.deadLetters > 0);
  const count = chosen === 'all' ? concerned.reduce((sum, q) => sum + q.deadLetters, 0) : (chosen?.count ?? 0);
  const start = async (reason: string) => {
    const why = { ratePerSecond: rate, reason: reason || null };
    if (chosen === 'all') {
      const running = await redriveEach(concerned.map((q) => q.deadLetterQueue), why);
      if (running.length > 0) {
        notifications.show({ color: 'orange', message: t.deadLetters.alreadyRunning(running.join(', ')) });
      }
    } else if (chosen) {
      await post('/api/v1/ops/dead-letters/redrive', { queue: chosen.queue, type: chosen.eventType, failedBecause: chosen.reason, ...why });
    }
  };
  return (
    <ReasonDialog title={chosen === 'all' ? t.deadLetters.redriveAll : t.deadLetters.redriveGroup} isOpen={chosen !== undefined} onClose={onClose}
      optional confirm={t.deadLetters.redrive} isBlocked={count === 0} done={t.deadLetters.started} act={start}>
      <Text size="sm">{t.deadLetters.redriveHint(count)}</Text>
      <NumberInput label={t.deadLetters.rate} value={rate} onChange={(v) => setRate(Number(v) || usualRate)} min={1} max={1000} />
    </ReasonDialog>
  );
}

/** Starts each queue's redriving; those that were running already are told, and fail only when no other could be started. */
async function redriveEach(queues: string[], why: { ratePerSecond: number; reason: string | null }): Promise<string[]> {
  const running: string[] = [];
  for (const queue of queues) {
    try {
      await post('/api/v1/ops/dead-letters/redrive', { queue, ...why });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'REDRIVE_RUNNING' || running.length === queues.length - 1) {
        throw error;
      }
      running.push(queue);
    }
  }
  return running;
}
