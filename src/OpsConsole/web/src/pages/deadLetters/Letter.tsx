import { Accordion, Badge, Button, Code, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, post, type Schemas } from '../../api/client';
import { CopyText } from '../../parts/CopyText';
import { Fact } from '../../parts/Fact';
import { Failed } from '../../parts/Failed';
import { OrderLink } from '../../parts/OrderLink';
import { Preview } from '../../parts/Preview';
import { ReasonDialog } from '../../parts/ReasonDialog';
import { When } from '../../parts/When';
import { useText } from '../../text';

type LetterData = Schemas['DeadLetterView'];
type Action = 'redrive' | 'discard' | 'reveal';

/** One dead letter: body, error, headers; try it, redrive it, give it up. */
export function Letter({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const t = useText();
  const { data, error } = useQuery({
    queryKey: ['dead-letter', id],
    queryFn: ({ signal }) => get('/api/v1/ops/dead-letters/{id}', { params: { id: id ?? '' }, signal }),
    enabled: id !== undefined,
  });
  return (
    <Drawer opened={id !== undefined} onClose={onClose} position="right" size="xl" title={t.deadLetters.one} closeButtonProps={{ 'aria-label': t.common.close }}>
      {error ? <Failed error={error} /> : data ? <Body letter={data} /> : <Skeleton h={300} />}
    </Drawer>
  );
}

function Body({ letter }: { letter: LetterData }) {
  const t = useText();
  const [asked, setAsked] = useState<Action>();
  const [shown, setShown] = useState<LetterData>();
  const options = { params: { id: letter.deadLetterId } };
  const trial = useMutation({ mutationFn: () => post('/api/v1/ops/dead-letters/{id}/dry-run', undefined, options) });
  useEffect(() => setShown(undefined), [letter.deadLetterId]);
  const sagaId = (letter.headers as Record<string, string | null>)['sagaId'];
  const order = useQuery({
    queryKey: ['search', sagaId], enabled: Boolean(sagaId),
    queryFn: ({ signal }) => get('/api/v1/ops/search', { signal, query: { q: sagaId } }),
  });
  const found = order.data?.[0]?.order;
  const isDead = letter.status === 'dead';
  return (
    <Stack gap="sm">
      <Group justify="space-between"><Text fw={700} className="mono">{letter.eventType}</Text><Badge color={isDead ? 'red' : 'gray'}>{t.deadLetters.statuses[letter.status] ?? letter.status}</Badge></Group>
      <Text size="sm" className="wrap">{letter.reason}</Text>
      {letter.settledBecause && <Text size="sm" c="dimmed">{t.common.reason}: {letter.settledBecause}</Text>}
      {isDead && (
        <Group gap="xs">
          <Button variant="default" loading={trial.isPending} onClick={() => trial.mutate()}>{t.deadLetters.dryRun}</Button>
          <Button onClick={() => setAsked('redrive')}>{t.deadLetters.redrive}</Button>
          <Button color="red" variant="outline" onClick={() => setAsked('discard')}>{t.deadLetters.discard}</Button>
        </Group>
      )}
      {trial.error && <Failed error={trial.error} />}
      {trial.data && <Preview rehearsal={trial.data} />}
      <Stack gap={4}>
        {found && <Fact name={t.orders.number}><OrderLink orderId={found.orderId}>{found.orderNumber}</OrderLink></Fact>}
        <Fact name={t.deadLetters.queue}><Text size="sm">{letter.queue}</Text></Fact>
        <Fact name={t.deadLetters.sent}><When at={letter.sentAt} as="full" /></Fact>
        <Fact name={t.deadLetters.died}><When at={letter.deadAt} as="full" /></Fact>
        <Fact name="eventId"><CopyText value={letter.eventId} label="eventId" /></Fact>
        <Fact name={t.order.correlationId}><CopyText value={letter.correlationId} label={t.order.correlationId} /></Fact>
      </Stack>
      <Accordion multiple defaultValue={['body']} variant="separated">
        <Accordion.Item value="body">
          <Accordion.Control>{t.deadLetters.body}</Accordion.Control>
          <Accordion.Panel>
            {letter.hasPersonalData && !shown && <Group mb="xs"><Text size="sm" c="dimmed">{t.order.masked}</Text><Button size="compact-xs" variant="default" onClick={() => setAsked('reveal')}>{t.order.unmask}</Button></Group>}
            <Code block className="wrap" tabIndex={0}>{pretty((shown ?? letter).body)}</Code>
          </Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="error"><Accordion.Control>{t.deadLetters.error}</Accordion.Control><Accordion.Panel><Code block tabIndex={0}>{letter.error}</Code></Accordion.Panel></Accordion.Item>
        <Accordion.Item value="headers"><Accordion.Control>{t.deadLetters.headers}</Accordion.Control><Accordion.Panel><Code block className="wrap" tabIndex={0}>{JSON.stringify(letter.headers, null, 2)}</Code></Accordion.Panel></Accordion.Item>
      </Accordion>
      <ReasonDialog title={t.deadLetters.redrive} isOpen={asked === 'redrive'} onClose={() => setAsked(undefined)} optional confirm={t.deadLetters.redrive}
        done={t.deadLetters.redriven} act={(reason) => post('/api/v1/ops/dead-letters/{id}/redrive', { reason: reason || null }, options)}>
        <Text size="sm">{t.deadLetters.redriveOneHint}</Text>
      </ReasonDialog>
      <ReasonDialog title={t.deadLetters.discard} isOpen={asked === 'discard'} onClose={() => setAsked(undefined)} isDanger confirm={t.deadLetters.discard}
        done={t.deadLetters.discarded} act={(reason) => post('/api/v1/ops/dead-letters/{id}/discard', { reason }, options)}>
        <Text size="sm">{t.deadLetters.discardHint}</Text>
      </ReasonDialog>
      <ReasonDialog title={t.order.unmask} isOpen={asked === 'reveal'} onClose={() => setAsked(undefined)} confirm={t.order.unmask} done={t.order.unmasked}
        act={async (reason) => setShown(await post('/api/v1/ops/dead-letters/{id}/reveal', { reason }, options))}>
        <Text size="sm">{t.order.unmaskHint}</Text>
      </ReasonDialog>
    </Stack>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
