import { Anchor, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OverviewData } from '../../api/overview';
import { duration } from '../../parts/format';
import { Panel } from '../../parts/Panel';
import { useText } from '../../text';

/** Depth and age of every queue. */
export function Queues({ queues }: { queues: OverviewData['queues'] }) {
  const t = useText();
  return (
    <Panel title={t.overview.queues} to="/queues">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.common.service}</Table.Th>
            <Table.Th ta="right">{t.overview.waiting}</Table.Th>
            <Table.Th ta="right" visibleFrom="xs">{t.queues.age}</Table.Th>
            <Table.Th ta="right" visibleFrom="xs">{t.queues.rate}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {queues.map((queue) => (
            <Table.Tr key={queue.queue}>
              <Table.Td>
                <Link to="/queues" className="plain"><span className="follows">{t.services[queue.service] ?? queue.service}</span></Link>
                {queue.deadLetters > 0 && (
                  <> · <Anchor size="xs" c="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))" renderRoot={(props) => <Link to="/dead-letters" search={{ queue: queue.deadLetterQueue }} {...props} />}>
                    {t.overview.deadLetters} {t.common.count(queue.deadLetters)}
                  </Anchor></>
                )}
              </Table.Td>
              <Table.Td ta="right" className="num">{t.common.count(queue.waiting)}</Table.Td>
              <Table.Td ta="right" className="num" visibleFrom="xs">{queue.waiting > 0 ? duration(queue.oldestAgeSeconds * 1000, t) : t.overview.noFigure}</Table.Td>
              <Table.Td ta="right" className="num" visibleFrom="xs">{t.common.count(queue.outPerSecond)} {t.units.perSecond}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
