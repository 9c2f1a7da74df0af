import { Badge, Button, Group, NumberInput, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, type Schemas } from '../../api/client';
import { Failed } from '../../parts/Failed';
import { Panel } from '../../parts/Panel';
import { ReasonDialog } from '../../parts/ReasonDialog';
import { Ago } from '../../parts/When';
import { useText } from '../../text';

type Letters = Schemas['DeadLetterGroup'];
const usualRate = 50;

/** Letters that died of the same thing, and redriving all of them. */
export function Groups({ queue }: { queue: string | undefined }) {
  const t = useText();
  const [chosen, setChosen] = useState<Letters | 'all'>();
  const { data, error } = useQuery({
    queryKey: ['dead-letter-groups', queue],
    queryFn: ({ signal }) => get('/api/v1/ops/dead-letters/groups', { signal, query: { queue } }),
    refetchInterval: 3_000,
  });
  if (error) {
    return <Failed error={error} />;
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
      <RedriveDialog chosen={chosen} groups={data} onClose={() => setChosen(undefined)} />
    </Panel>
  );
}

type DialogProps = { chosen: Letters | 'all' | undefined; groups: Letters[]; onClose: () => void };

function RedriveDialog({ chosen, groups, onClose }: DialogProps) {
  const t = useText();
  const [rate, setRate] = useState(usualRate);
  const concerned = chosen === 'all' ? groups : chosen ? [chosen] : [];
  const count = concerned.reduce((sum, g) => sum + g.count, 0);
  const start = async (reason: string) => {
    const why = { ratePerSecond: rate, reason: reason || null };
    if (chosen === 'all') {
      for (const queue of new Set(groups.map((g) => g.queue))) {
        await post('/api/v1/ops/dead-letters/redrive', { queue, ...why });
      }
    } else if (chosen) {
      await post('/api/v1/ops/dead-letters/redrive', { queue: chosen.queue, type: chosen.eventType, failedBecause: chosen.reason, ...why });
    }
  };
  return (
    <ReasonDialog title={chosen === 'all' ? t.deadLetters.redriveAll : t.deadLetters.redriveGroup} isOpen={chosen !== undefined} onClose={onClose}
      optional confirm={t.deadLetters.redrive} done={t.deadLetters.started} act={start}>
      <Text size="sm">{t.deadLetters.redriveHint(count)}</Text>
      <NumberInput label={t.deadLetters.rate} value={rate} onChange={(v) => setRate(Number(v) || usualRate)} min={1} max={1000} />
    </ReasonDialog>
  );
}
