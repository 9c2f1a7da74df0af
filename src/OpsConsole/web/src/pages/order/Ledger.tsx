import { Table, Text } from '@mantine/core';
import { StepBadge } from '../../parts/badges';
import { Panel } from '../../parts/Panel';
import { When } from '../../parts/When';
import { useText } from '../../text';
import type { SagaData } from './data';

/** The saga's ledger: what was asked, what is known, what is undone. */
export function Ledger({ saga }: { saga: SagaData }) {
  const t = useText();
  return (
    <Panel title={t.order.ledger}>
      <Table.ScrollContainer minWidth={360}>
        <Table verticalSpacing={6} horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.order.step}</Table.Th><Table.Th>{t.common.status}</Table.Th>
              <Table.Th ta="right">{t.order.attempts}</Table.Th><Table.Th ta="right">{t.order.ended}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {saga.steps.map((step) => (
              <Table.Tr key={step.name}>
                <Table.Td>
                  <Text size="sm">{t.steps[step.name] ?? step.name}</Text>
                  {step.reason && <Text size="xs" c="dimmed" className="wrap">{step.reason}</Text>}
                </Table.Td>
                <Table.Td><StepBadge status={step.status} /></Table.Td>
                <Table.Td ta="right" className="num">{step.attempts}</Table.Td>
                <Table.Td ta="right">{step.endedAt ? <When at={step.endedAt} as="clock" /> : '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
