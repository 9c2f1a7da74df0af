import { Anchor, Paper, Skeleton, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useOverview } from '../../api/overview';
import { Failed } from '../../parts/Failed';
import { duration } from '../../parts/format';
import { Live } from '../../parts/Live';
import { PageTitle } from '../../parts/PageTitle';
import { useText } from '../../text';

/** Every queue: how much waits, how old it is, how fast it moves. */
export function Queues() {
  const t = useText();
  const { data, error, isLive, refetch } = useOverview();
  const heads = [t.common.service, t.queues.waiting, t.queues.inFlight, t.queues.retrying, t.queues.age, t.queues.inRate, t.queues.outRate, t.overview.deadLetters];
  return (
    <Stack gap="sm">
      <PageTitle side={<Live isLive={isLive} />}>{t.nav.queues}</PageTitle>
      {error && !data && <Failed error={error} reset={() => void refetch()} />}
      {!data && !error && <Skeleton h={300} radius="lg" />}
      {data && (
        <Paper className="panel" p="xs">
          <Table.ScrollContainer minWidth={760}>
            <Table>
              <Table.Thead><Table.Tr>{heads.map((head, i) => <Table.Th key={head} ta={i > 0 ? 'right' : 'left'}>{head}</Table.Th>)}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.queues.map((q) => (
                  <Table.Tr key={q.queue}>
                    <Table.Td><Text size="sm" fw={600}>{t.services[q.service] ?? q.service}</Text><Text size="xs" c="dimmed" className="mono">{q.queue}</Text></Table.Td>
                    {[q.waiting, q.inFlight, q.retrying].map((n, i) => <Table.Td key={i} ta="right" className="num">{t.common.count(n)}</Table.Td>)}
                    <Table.Td ta="right" className="num">{q.waiting > 0 ? duration(q.oldestAgeSeconds * 1000, t) : t.overview.noFigure}</Table.Td>
                    {[q.inPerSecond, q.outPerSecond].map((n, i) => <Table.Td key={i} ta="right" className="num">{t.common.count(n)} {t.units.perSecond}</Table.Td>)}
                    <Table.Td ta="right" className="num">
                      {q.deadLetters > 0
                        ? <Anchor size="sm" renderRoot={(props) => <Link to="/dead-letters" search={{ queue: q.deadLetterQueue }} {...props} />}>{t.common.count(q.deadLetters)}</Anchor>
                        : t.common.count(0)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
    </Stack>
  );
}
