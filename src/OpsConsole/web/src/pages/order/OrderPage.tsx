import { Grid, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { ApiError } from '../../api/client';
import { OrderBadge, SagaBadge } from '../../parts/badges';
import { Failed } from '../../parts/Failed';
import { PageTitle } from '../../parts/PageTitle';
import { Empty, Panel } from '../../parts/Panel';
import { useText } from '../../text';
import { useOrder, useOutlines, useSaga, type OrderData } from './data';
import { Actions } from './Actions';
import { Amends } from './Amends';
import { Facts } from './Facts';
import { Ledger } from './Ledger';
import { Money } from './Money';
import { Outlook } from './Outlook';
import { Parcel } from './Parcel';
import { Reservation } from './Reservation';
import { SagaGraph } from './SagaGraph';
import { Timeline } from './Timeline';

/** One order's whole story. */
export function OrderPage() {
  const { orderId } = useParams({ from: '/orders/$orderId' });
  const t = useText();
  const { data, error, refetch } = useOrder(orderId);
  if (data) {
    return <Stack>{error && <Failed error={error} reset={() => void refetch()} />}<Story order={data} /></Stack>;
  }
  if (error instanceof ApiError && error.status === 404) {
    return <Empty>{t.order.missing}</Empty>;
  }
  return error ? <Failed error={error} reset={() => void refetch()} /> : <Stack><Skeleton h={32} w={300} /><Skeleton h={280} radius="lg" /></Stack>;
}

function Story({ order }: { order: OrderData }) {
  const t = useText();
  const [outlines, found] = [useOutlines(), useSaga(order)];
  const saga = found.data ?? order.saga;
  const broken = [outlines, found].find((asked) => asked.error);
  const outline = outlines.data?.find((o) => o.name === saga.definition && o.version === saga.definitionVersion);
  return (
    <Stack gap="md">
      <PageTitle side={<Group gap="xs"><OrderBadge status={order.status} /><SagaBadge status={saga.status} /></Group>}>
        {t.order.title(order.orderNumber)}
      </PageTitle>
      <Outlook saga={saga} />
      <Actions order={order} saga={saga} outline={outline} />
      {broken && <Failed error={broken.error} reset={() => void broken.refetch()} />}
      {outline && (
        <Panel title={t.order.graph} side={<Text size="xs" c="dimmed">{t.order.version(t.definitions[outline.name] ?? outline.name, outline.version)}</Text>}>
          <SagaGraph outline={outline} saga={saga} />
        </Panel>
      )}
      <Amends order={order} />
      <Grid>
        <Grid.Col span={{ base: 12, lg: 7 }}><Timeline orderId={order.orderId} /></Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack>
            <Facts order={order} />
            <Ledger saga={saga} />
            <Money order={order} />
            <Parcel order={order} />
            <Reservation orderId={order.orderId} saga={saga} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
