import { Badge, Group, Stack, Text } from '@mantine/core';
import { Empty, Panel } from '../../parts/Panel';
import { When } from '../../parts/When';
import { Fact } from '../../parts/Fact';
import { useText } from '../../text';
import { useReservation, type SagaData } from './data';

/** The order's claim on stock. */
export function Reservation({ orderId, saga }: { orderId: string; saga: SagaData }) {
  const t = useText();
  const { data } = useReservation(orderId, saga);
  if (!data) {
    return <Panel title={t.order.reservation}><Empty>{t.order.noReservation}</Empty></Panel>;
  }
  return (
    <Panel title={t.order.reservation} side={<Badge color="gray">{data.status}</Badge>}>
      <Stack gap={4}>
        {data.lines.map((line) => (
          <Group key={`${line.productId}/${line.variantId}`} justify="space-between"><Text size="sm" className="mono">{line.productId}{line.variantId ? `/${line.variantId}` : ''}</Text><Text size="sm" className="num">{t.common.items(line.reserved)}</Text></Group>
        ))}
        {data.expiresAt && <Fact name={t.order.expires}><When at={data.expiresAt} as="full" /></Fact>}
      </Stack>
    </Panel>
  );
}
