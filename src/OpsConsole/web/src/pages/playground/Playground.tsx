import { Alert, Button, Grid, Group, Progress as Bar, SegmentedControl, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { get } from '../../api/client';
import { useOverview } from '../../api/overview';
import { isOneClick } from '../../app/session';
import { Live } from '../../parts/Live';
import { PageTitle } from '../../parts/PageTitle';
import { Panel } from '../../parts/Panel';
import { useText } from '../../text';
import { FlowGraph } from './FlowGraph';
import { OneOrder } from './OneOrder';
import { place, type Placed, type Progress } from './place';
import { PlacedList } from './PlacedList';
import { ScenarioCards } from './ScenarioCards';
import { scenarios, type Scenario } from './scenarios';

const counts = ['1', '10', '100', '1000'];
const listed = 12;

/** Place orders that go well, or wrong in a chosen way, and watch them go through the saga. */
export function Playground() {
  const t = useText();
  const { data, isLive } = useOverview();
  const outlines = useQuery({
    queryKey: ['saga-definitions'], staleTime: Infinity,
    queryFn: ({ signal }) => get('/api/v1/ops/saga-definitions', { signal }),
  });
  const [scenario, setScenario] = useState<Scenario>(scenarios[0]!);
  const [count, setCount] = useState('1');
  const [orders, setOrders] = useState<Placed[]>([]);
  const [progress, setProgress] = useState<Progress>();
  const [before, setBefore] = useState(data?.today);
  const running = useRef<AbortController>(undefined);
  const { mutate, isPending } = useMutation({
    mutationFn: (n: number) => {
      running.current = new AbortController();
      setOrders([]);
      setBefore(data?.today);
      return place(scenario, n, (order, now) => {
        setOrders((seen) => [order, ...seen].slice(0, listed));
        setProgress(now);
      }, running.current.signal);
    },
    onSuccess: setProgress,
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  });
  const outline = outlines.data?.find((o) => o.name === 'order_flow');
  const one = progress?.of === 1 ? orders[0] : undefined;
  return (
    <Stack gap="md">
      <PageTitle side={<Live isLive={isLive} />}>{t.nav.playground}</PageTitle>
      <Text c="dimmed" mt={-8} size="sm">{t.playground.lead}</Text>
      {!isOneClick && <Alert color="orange">{t.playground.embeddedOnly}</Alert>}
      <ScenarioCards chosen={scenario} onChoose={setScenario} />
      <Group gap="sm">
        <SegmentedControl value={count} onChange={setCount} data={counts.map((n) => ({ value: n, label: t.playground.orders(Number(n)) }))} aria-label={t.playground.howMany} />
        {isPending && Number(count) > 1
          ? <Button variant="default" onClick={() => running.current?.abort()}>{t.playground.stop}</Button>
          : <Button leftSection={<IconPlayerPlay size={16} />} loading={isPending} disabled={!isOneClick} onClick={() => mutate(Number(count))} data-testid="place">{t.playground.place}</Button>}
        {progress && (
          <div style={{ flex: 1, minWidth: 180 }}>
            <Text size="sm" className="num" role="status">{t.playground.progress(progress.placed, progress.of, progress.seconds)}{progress.refused > 0 && ` · ${t.playground.refused(progress.refused)}`}</Text>
            <Bar value={(100 * (progress.placed + progress.refused)) / progress.of} size="sm" aria-label={t.playground.place} />
          </div>
        )}
      </Group>
      {outline && (one
        ? <OneOrder order={one} outline={outline} />
        : data && <Panel title={t.playground.now}><FlowGraph outline={outline} overview={data} before={before} /></Panel>)}
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}><PlacedList orders={orders} /></Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}><Panel title={t.playground.whatNow}><Text size="sm">{t.playground.expect[scenario.id]}</Text></Panel></Grid.Col>
      </Grid>
    </Stack>
  );
}
