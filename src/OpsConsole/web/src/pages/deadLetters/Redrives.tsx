import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api/client';
import { Panel } from '../../parts/Panel';
import { ReasonDialog } from '../../parts/ReasonDialog';
import { useText } from '../../text';

/** Queues that are being redriven now. */
export function Redrives() {
  const t = useText();
  const [stopping, setStopping] = useState<string>();
  const { data } = useQuery({
    queryKey: ['redrives'],
    queryFn: ({ signal }) => get('/api/v1/ops/dead-letters/redrives', { signal }),
    refetchInterval: 1_000,
  });
  const running = data?.filter((r) => r.status === 'running') ?? [];
  // The dialog stays when the last one ends meanwhile: whoever writes a reason is told.
  return (
    <>
      {running.length > 0 && (
        <Panel title={t.deadLetters.running}>
          <Stack gap="sm">
            {running.map((r) => (
              <div key={r.queue}>
                <Group justify="space-between" mb={4}>
                  <Text size="sm">{r.queue} · {t.deadLetters.progress(r.redriven, r.left ?? 0)}</Text>
                  <Button size="compact-xs" variant="default" aria-label={`${t.deadLetters.stop} ${r.queue}`} onClick={() => setStopping(r.queue)}>
                    {t.deadLetters.stop}
                  </Button>
                </Group>
                <Progress value={(100 * r.redriven) / Math.max(r.redriven + (r.left ?? 0), 1)} aria-label={r.queue} />
              </div>
            ))}
          </Stack>
        </Panel>
      )}
      <ReasonDialog title={t.deadLetters.stop} isOpen={stopping !== undefined} onClose={() => setStopping(undefined)} confirm={t.deadLetters.stop} isDanger
        done={t.deadLetters.stopped} act={(reason) => post('/api/v1/ops/dead-letters/redrives/{queue}/stop', { reason }, { params: { queue: stopping ?? '' } })} />
    </>
  );
}
