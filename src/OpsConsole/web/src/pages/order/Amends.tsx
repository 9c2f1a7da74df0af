import { Group, Stack, Text } from '@mantine/core';
import { SagaBadge } from '../../parts/badges';
import { Failed } from '../../parts/Failed';
import { Panel } from '../../parts/Panel';
import { useText } from '../../text';
import { Actions } from './Actions';
import { useOutlines, useSagaOf, type OrderData, type SagaData } from './data';
import { Outlook } from './Outlook';
import { SagaGraph } from './SagaGraph';

/** The order's partial cancels, each with its saga. */
export function Amends({ order }: { order: OrderData }) {
  const t = useText();
  if (order.amends.length === 0) {
    return null;
  }
  return (
    <Panel title={t.order.amends}>
      <Stack gap="lg">
        {order.amends.map((amend) => (
          <Stack key={amend.amendId} gap="xs">
            <Group justify="space-between">
              <Text size="sm">{amend.reason}</Text>
              <Text size="sm" className="num">{t.common.won(amend.refundAmount)}</Text>
            </Group>
            {amend.saga && <Amended saga={amend.saga} order={order} />}
          </Stack>
        ))}
      </Stack>
    </Panel>
  );
}

function Amended({ saga: known, order }: { saga: SagaData; order: OrderData }) {
  const outlines = useOutlines();
  const found = useSagaOf(order, known.sagaId);
  const saga = found.data ?? known;
  const outline = outlines.data?.find((o) => o.name === saga.definition && o.version === saga.definitionVersion);
  return (
    <>
      <Group><SagaBadge status={saga.status} /></Group>
      {found.error && <Failed error={found.error} reset={() => void found.refetch()} />}
      {outline && <SagaGraph outline={outline} saga={saga} />}
      {saga.outlook?.wait && <Outlook saga={saga} />}
      {saga.outlook?.wait && <Actions order={order} saga={saga} outline={outline} />}
    </>
  );
}
