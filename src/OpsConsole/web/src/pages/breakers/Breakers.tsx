import { Badge, Paper, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useOverview, type OverviewData } from '../../api/overview';
import { breakerColors } from '../../parts/badges';
import { Failed } from '../../parts/Failed';
import { Live } from '../../parts/Live';
import { PageTitle } from '../../parts/PageTitle';
import { Ago, When } from '../../parts/When';
import { useText } from '../../text';

/** The circuit to each outside system: whether calls go through, since when, and when one is tried next. */
export function Breakers() {
  const t = useText();
  const { data, error, isLive, refetch } = useOverview();
  return (
    <Stack gap="sm">
      <PageTitle side={<Live isLive={isLive} />}>{t.nav.breakers}</PageTitle>
      <Text c="dimmed" size="sm" mt={-8}>{t.breakers.lead}</Text>
      {error && !data && <Failed error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={200} radius="lg" />}
      {data && <Rows breakers={data.breakers} />}
    </Stack>
  );
}

function Rows({ breakers }: { breakers: OverviewData['breakers'] }) {
  const t = useText();
  const heads = [t.breakers.gateway, t.common.status, t.breakers.since, t.breakers.failures, t.breakers.next, t.breakers.last];
  return (
    <Paper className="panel" p="xs">
      <Table.ScrollContainer minWidth={720}>
        <Table>
          <Table.Thead><Table.Tr>{heads.map((head) => <Table.Th key={head}>{head}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {breakers.map((b) => (
              <Table.Tr key={b.gateway}>
                <Table.Td><Text size="sm" fw={600} className="mono">{b.gateway}</Text></Table.Td>
                <Table.Td><Badge color={breakerColors[b.state] ?? 'gray'}>{t.overview.breakerStates[b.state] ?? b.state}</Badge></Table.Td>
                <Table.Td><When at={b.since} as="full" /></Table.Td>
                <Table.Td className="num">{t.common.count(b.failuresInARow ?? 0)}</Table.Td>
                <Table.Td>{b.openUntil ? <Ago at={b.openUntil} /> : '–'}</Table.Td>
                <Table.Td>
                  {b.lastFailureAt && <Ago at={b.lastFailureAt} c="dimmed" />}
                  <Text size="sm" className="wrap">{b.lastFailure ?? t.overview.neverFailed}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
