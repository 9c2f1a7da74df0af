import { Alert, Anchor, Button, Group, Skeleton, Stack, Switch, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, get, post, remove, type Schemas } from '../../api/client';
import { useOverview } from '../../api/overview';
import { Failed } from '../../parts/Failed';
import { PageTitle } from '../../parts/PageTitle';
import { Empty, Panel } from '../../parts/Panel';
import { useText } from '../../text';
import { Breakers } from '../overview/Breakers';
import { FaultForm } from './FaultForm';
import { switches, type FaultSwitch } from './switches';

type Fault = Schemas['FaultView'];

/** The outside world's faults, on and off. */
export function Sandbox() {
  const t = useText();
  const queries = useQueryClient();
  const { data: figures } = useOverview();
  const { data, error } = useQuery({ queryKey: ['sandbox'], refetchInterval: 2_000, queryFn: ({ signal }) => get('/api/v1/ops/sandbox', { signal }) });
  const { mutate, isPending } = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sandbox'] }),
    onError: (failure) => notifications.show({ color: 'red', message: failure.message }),
  });
  const heal = async () => {
    const { healed } = await post('/api/v1/ops/sandbox/heal-refunds');
    notifications.show({ color: 'teal', message: t.sandbox.healed(healed) });
  };
  if (error) {
    return <><PageTitle>{t.nav.sandbox}</PageTitle>{error instanceof ApiError && error.status === 404 ? <Alert color="gray">{error.message}</Alert> : <Failed error={error} />}</>;
  }
  if (!data) {
    return <Skeleton h={300} radius="lg" />;
  }
  const faultOf = (s: FaultSwitch) => data.faults.find((f) => f.target === s.target && f.operation === (s.operation ?? '*') && f.mode === s.mode && !f.match);
  const flip = (s: FaultSwitch, on: boolean) => mutate(() => {
    const fault = faultOf(s);
    return on ? post('/api/v1/ops/sandbox/faults', s.body) : fault ? remove('/api/v1/ops/sandbox/faults/{id}', { id: String(fault.id) }) : Promise.resolve();
  });
  return (
    <Stack gap="md">
      <PageTitle side={<Anchor href={data.url} target="_blank" rel="noreferrer" size="sm">{t.sandbox.ownPage}</Anchor>}>{t.nav.sandbox}</PageTitle>
      <Text c="dimmed" mt={-8} size="sm">{t.sandbox.lead}</Text>
      <Panel title={t.sandbox.switches} side={<Button size="compact-sm" variant="default" disabled={data.faults.length === 0} onClick={() => mutate(() => remove('/api/v1/ops/sandbox/faults', {}))}>{t.sandbox.allOff}</Button>}>
        <Stack gap="sm">
          {switches.map((s) => (
            <Switch key={s.id} label={t.sandbox.names[s.id]} description={t.sandbox.hints[s.id]} checked={faultOf(s) !== undefined} disabled={isPending}
              onChange={(e) => flip(s, e.currentTarget.checked)} />
          ))}
          <Group><Button variant="light" onClick={() => mutate(heal)}>{t.sandbox.heal}</Button><Text size="sm" c="dimmed">{t.sandbox.healHint}</Text></Group>
        </Stack>
      </Panel>
      {figures && <Breakers breakers={figures.breakers} />}
      <Panel title={t.sandbox.rules}>
        <Rules faults={data.faults} onRemove={(fault) => mutate(() => remove('/api/v1/ops/sandbox/faults/{id}', { id: String(fault.id) }))} />
        <FaultForm onAdd={(fault) => mutate(() => post('/api/v1/ops/sandbox/faults', fault))} />
      </Panel>
    </Stack>
  );
}

function Rules({ faults, onRemove }: { faults: Fault[]; onRemove: (fault: Fault) => void }) {
  const t = useText();
  if (faults.length === 0) {
    return <Empty>{t.sandbox.noRules}</Empty>;
  }
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table mb="md">
        <Table.Thead><Table.Tr>{[t.sandbox.target, t.sandbox.operation, t.sandbox.mode, t.sandbox.match, t.sandbox.hits, t.common.actions].map((h) => <Table.Th key={h}>{h}</Table.Th>)}</Table.Tr></Table.Thead>
        <Table.Tbody>
          {faults.map((f) => (
            <Table.Tr key={f.id}>
              <Table.Td className="mono">{f.target}</Table.Td><Table.Td className="mono">{f.operation}</Table.Td>
              <Table.Td>{t.sandbox.modes[f.mode] ?? f.mode}{f.delayMs ? ` ${f.delayMs} ms` : ''}{f.probability < 1 ? ` · ${Math.round(f.probability * 100)} %` : ''}{f.times ? ` · ×${f.times}` : ''}</Table.Td>
              <Table.Td className="mono">{f.match}</Table.Td><Table.Td className="num">{t.common.count(f.hits)}</Table.Td>
              <Table.Td><Button size="compact-xs" variant="default" onClick={() => onRemove(f)}>{t.sandbox.off}</Button></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
