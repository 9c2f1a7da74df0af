import { Group, Paper, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { getPage, type Schemas } from '../../api/client';
import { useOverview } from '../../api/overview';
import { PageTitle } from '../../parts/PageTitle';
import { Pages } from '../../parts/Pages';
import { useText } from '../../text';
import { Groups } from './Groups';
import { Letter } from './Letter';
import { LetterRow } from './LetterRow';
import { Redrives } from './Redrives';

const statuses = ['dead', 'redriven', 'discarded'] as const;

/** Messages that failed for good: why, and what to do with them. */
export function DeadLetters() {
  const t = useText();
  const search = useSearch({ from: '/dead-letters' });
  const navigate = useNavigate({ from: '/dead-letters' });
  const { data } = useOverview();
  const { queue, status = 'dead', letter } = search;
  return (
    <Stack gap="md">
      <PageTitle>{t.nav.deadLetters}</PageTitle>
      <Redrives />
      <Groups queue={queue} queues={data?.queues ?? []} />
      <Group>
        <SegmentedControl value={status} onChange={(v) => void navigate({ search: { ...search, status: v } })} aria-label={t.common.status}
          data={statuses.map((s) => ({ value: s, label: t.deadLetters.statuses[s] ?? s }))} />
        <Select value={queue ?? null} onChange={(v) => void navigate({ search: { ...search, queue: v ?? undefined } })} clearable
          placeholder={t.deadLetters.queue} aria-label={t.deadLetters.queue}
          data={(data?.queues ?? []).map((q) => ({ value: q.deadLetterQueue, label: t.services[q.service] ?? q.service }))} />
      </Group>
      <Pages queryKey={['dead-letters', status, queue]} every={3_000} empty={t.deadLetters.empty}
        read={(cursor, signal) => getPage('/api/v1/ops/dead-letters', { signal, query: { status, queue, cursor, limit: 50 } })}>
        {(letters: Schemas['DeadLetterView'][]) => (
          <Paper className="panel" p="xs">
            {letters.map((l) => <LetterRow key={l.deadLetterId} letter={l} onLook={() => void navigate({ search: { ...search, letter: l.deadLetterId } })} />)}
          </Paper>
        )}
      </Pages>
      <Text size="sm" c="dimmed">{t.deadLetters.hint}</Text>
      <Letter id={letter} onClose={() => void navigate({ search: { ...search, letter: undefined } })} />
    </Stack>
  );
}
