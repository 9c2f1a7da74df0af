import { Badge, Group, Skeleton, Stack, Text } from '@mantine/core';
import { Failed } from '../../parts/Failed';
import { Empty, Panel } from '../../parts/Panel';
import { When } from '../../parts/When';
import { Fact } from '../../parts/Fact';
import { useText } from '../../text';
import { useReservation, type SagaData } from './data';

/** The order's claim on stock. */
export function Reservation({ orderId, saga }: { orderId: string; saga: SagaData }) {
  const t = useText();
  const { data, error, isLoading, refetch } = useReservation(orderId, saga);
  return (
    <Panel title={t.order.reservation} side={data && <Badge color="gray">{t.stock.claims[data.status] ?? data.status}</Badge>}>
      {error && <Failed error={error} reset={() => void refetch()} />}
      {isLoading && <Skeleton h={40} />}
      {!data && !error && !isLoading && <Empty>{t.order.noReservation}</Empty>}
      {data && (
        <Stack gap={4}>
          {data.lines.map((line) => (
            <Group key={`${line.productId}/${line.variantId}`} justify="space-between"><Text size="sm" className="mono">{line.productId}{line.variantId ? `/${line.variantId}` : ''}</Text><Text size="sm" className="num">{t.common.items(line.reserved)}</Text></Group>
          ))}
          {data.expiresAt && <Fact name={t.order.expires}><When at={data.expiresAt} as="full" /></Fact>}
        </Stack>
      )}
    </Panel>
  );
}
