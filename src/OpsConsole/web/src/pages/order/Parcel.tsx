import { Badge, Divider, Group, Stack, Text } from '@mantine/core';
import { CopyText } from '../../parts/CopyText';
import { Failed } from '../../parts/Failed';
import { Empty, Panel } from '../../parts/Panel';
import { When } from '../../parts/When';
import { Fact } from '../../parts/Fact';
import { useText } from '../../text';
import { useTracking, type OrderData } from './data';

/** The shipment, and the carrier's reports. */
export function Parcel({ order }: { order: OrderData }) {
  const t = useText();
  const { shipment } = order;
  const { data: tracking, error, refetch } = useTracking(order.orderId, shipment?.trackingNumber);
  if (!shipment) {
    return <Panel title={t.order.shipment}><Empty>{t.order.noShipment}</Empty></Panel>;
  }
  const status = tracking?.status ?? shipment.status;
  return (
    <Panel title={t.order.shipment} side={<Badge color="gray">{t.shipping.statuses[status] ?? status}</Badge>}>
      {error && <Failed error={error} reset={() => void refetch()} />}
      <Stack gap={4}>
        {(tracking?.carrierName ?? shipment.carrierName) && <Fact name={t.order.carrier}><Text size="sm">{tracking?.carrierName ?? shipment.carrierName}</Text></Fact>}
        {shipment.trackingNumber && <Fact name={t.order.tracking}><CopyText value={shipment.trackingNumber} label={t.order.tracking} /></Fact>}
        {tracking?.estimatedDeliveryDate && <Fact name={t.order.estimated}><Text size="sm">{tracking.estimatedDeliveryDate}</Text></Fact>}
      </Stack>
      {tracking && tracking.events.length > 0 && <Divider my="xs" />}
      {tracking?.events.map((event) => (
        <Group key={`${event.at}${event.status}`} justify="space-between" wrap="nowrap"><Text size="sm">{t.shipping.reports[event.status] ?? event.status}</Text><When at={event.at} as="short" /></Group>
      ))}
    </Panel>
  );
}
