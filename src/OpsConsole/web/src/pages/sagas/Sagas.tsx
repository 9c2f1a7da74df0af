import { Group, Paper, Select, Stack, Table, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { getPage, type Schemas } from '../../api/client';
import type { SagaSearch } from '../../app/router';
import { SagaBadge } from '../../parts/badges';
import { OrderLink } from '../../parts/OrderLink';
import { PageTitle } from '../../parts/PageTitle';
import { Pages } from '../../parts/Pages';
import { When } from '../../parts/When';
import { useText } from '../../text';

/** Sagas of orders and of partial cancels: where they stand, and why they go back. */
export function Sagas() {
  const t = useText();
  const search = useSearch({ from: '/sagas' });
  const navigate = useNavigate({ from: '/sagas' });
  const choice = (name: keyof SagaSearch, label: string, names: Record<string, string>) => (
    <Select label={label} value={search[name] ?? null} clearable placeholder={t.common.any}
      data={Object.entries(names).map(([value, text]) => ({ value, label: text }))}
      onChange={(value) => void navigate({ search: { ...search, [name]: value ?? undefined } })} />
  );
  return (
    <Stack gap="sm">
      <PageTitle>{t.nav.sagas}</PageTitle>
      <Group>
        {choice('definition', t.sagas.definition, t.definitions)}
        {choice('status', t.common.status, t.sagaStatus)}
        {choice('step', t.orders.step, t.steps)}
      </Group>
      <Pages queryKey={['sagas', search]} every={3_000} empty={t.sagas.empty}
        read={(cursor, signal) => getPage('/api/v1/ops/sagas', { signal, query: { ...search, cursor, limit: 50 } })}>
        {(sagas: Schemas['SagaView'][]) => <Rows sagas={sagas} />}
      </Pages>
    </Stack>
  );
}

function Rows({ sagas }: { sagas: Schemas['SagaView'][] }) {
  const t = useText();
  const heads = [t.sagas.definition, t.common.status, t.orders.step, t.sagas.why, t.sagas.updated];
  return (
    <Paper className="panel" p="xs">
      <Table.ScrollContainer minWidth={640}>
        <Table>
          <Table.Thead><Table.Tr>{heads.map((head) => <Table.Th key={head}>{head}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {sagas.map((saga) => (
              <Table.Tr key={saga.sagaId}>
                <Table.Td>
                  <Text size="sm">{t.definitions[saga.definition] ?? saga.definition}</Text>
                  <OrderLink orderId={saga.orderId}>{t.alerts.toOrder}</OrderLink>
                </Table.Td>
                <Table.Td><SagaBadge status={saga.status} /></Table.Td>
                <Table.Td>{saga.currentStep ? (t.steps[saga.currentStep] ?? saga.currentStep) : '–'}</Table.Td>
                <Table.Td><Text size="sm" className="wrap">{saga.reason ?? '–'}</Text></Table.Td>
                <Table.Td><When at={saga.updatedAt} style={{ whiteSpace: 'nowrap' }} /></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
