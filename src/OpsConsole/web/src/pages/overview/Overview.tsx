import { Button, Grid, Group, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useOverview, type OverviewData } from '../../api/overview';
import { Failed } from '../../parts/Failed';
import { Live } from '../../parts/Live';
import { PageTitle } from '../../parts/PageTitle';
import { useText } from '../../text';
import { ActiveSagas } from './ActiveSagas';
import { Breakers } from './Breakers';
import { Figures } from './Figures';
import { LowStock } from './LowStock';
import { Queues } from './Queues';

/** How the shop fares, live; every figure leads to what is behind it. */
export function Overview() {
  const t = useText();
  const { data, error, isLive, refetch } = useOverview();
  return (
    <Stack gap="sm">
      <PageTitle side={<Live isLive={isLive} />}>{t.overview.title}</PageTitle>
      {data ? <Body data={data} /> : error ? <Failed error={error} reset={() => void refetch()} /> : <Waiting />}
    </Stack>
  );
}

function Body({ data }: { data: OverviewData }) {
  return (
    <Stack>
      {data.today.orders === 0 && <Newcomer />}
      <Figures data={data} />
      <Grid>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <ActiveSagas sagas={data.sagas} />
            <Queues queues={data.queues} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Breakers breakers={data.breakers} />
            <LowStock items={data.lowStock} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Newcomer() {
  const t = useText();
  return (
    <Paper p="md" className="panel">
      <Group justify="space-between">
        <div>
          <Text fw={650}>{t.overview.newcomer}</Text>
          <Text size="sm" c="dimmed">{t.overview.newcomerLead}</Text>
        </div>
        <Button renderRoot={(props) => <Link to="/playground" {...props} />}>{t.overview.newcomerAction}</Button>
      </Group>
    </Paper>
  );
}

const Waiting = () => (
  <SimpleGrid cols={{ base: 2, md: 3, lg: 6 }}>
    {Array.from({ length: 6 }, (_, i) => <Skeleton key={i} height={118} radius="lg" />)}
  </SimpleGrid>
);
