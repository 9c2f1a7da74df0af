import { Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { post, type Schemas } from '../../api/client';
import { SeverityBadge } from '../../parts/badges';
import { OrderLink } from '../../parts/OrderLink';
import { ReasonDialog } from '../../parts/ReasonDialog';
import { Ago } from '../../parts/When';
import { useText } from '../../text';

/** One alert, and what a person may do about it. */
export function AlertRow({ alert }: { alert: Schemas['AlertView'] }) {
  const t = useText();
  const [isAcknowledging, acknowledge] = useDisclosure(false);
  const [isResolving, resolve] = useDisclosure(false);
  const title = t.alerts.titles[alert.type];
  const isOpen = alert.status === 'open';
  const options = { params: { alertId: alert.alertId } };
  return (
    <>
      <Group justify="space-between" align="flex-start" gap="xs">
        <Group gap="xs">
          <SeverityBadge severity={alert.severity} />
          {title && <Text fw={650}>{title}</Text>}
          <Text {...(title ? { size: 'xs', c: 'dimmed' } : { fw: 650 })} className="mono">{alert.type}</Text>
          <Text size="sm" c="dimmed">{t.services[alert.service] ?? alert.service}</Text>
          {alert.occurrences > 1 && <Badge color="gray">×{t.common.count(alert.occurrences)}</Badge>}
          {!isOpen && <Badge color="teal">{t.alerts.resolved}</Badge>}
          {alert.acknowledgedBy && <Badge color="blue">{t.alerts.acknowledgedBy(alert.acknowledgedBy)}</Badge>}
        </Group>
        <Ago at={alert.raisedAt} c="dimmed" />
      </Group>
      <Text size="sm" mt={6} className="wrap">{alert.text}</Text>
      {alert.resolution && <Text size="sm" mt={4} c="dimmed" className="wrap">{t.alerts.because}: {alert.resolution}</Text>}
      <Group justify="space-between" mt="xs">
        <Group gap="sm">
          <Text size="xs" c="dimmed" className="mono wrap">{alert.subject}</Text>
          {alert.orderId && <OrderLink orderId={alert.orderId}>{t.alerts.toOrder}</OrderLink>}
        </Group>
        {isOpen && (
          <Group gap="xs">
            {!alert.acknowledgedAt && <Button size="compact-sm" variant="default" onClick={acknowledge.open}>{t.alerts.acknowledge}</Button>}
            <Button size="compact-sm" variant="light" onClick={resolve.open}>{t.alerts.resolve}</Button>
          </Group>
        )}
      </Group>
      <ReasonDialog title={t.alerts.acknowledge} isOpen={isAcknowledging} onClose={acknowledge.close} confirm={t.alerts.acknowledge} optional
        done={t.alerts.acknowledged} act={(reason) => post('/api/v1/ops/alerts/{alertId}/acknowledge', { reason: reason || null }, options)}>
        <Text size="sm">{t.alerts.acknowledgeHint}</Text>
      </ReasonDialog>
      <ReasonDialog title={t.alerts.resolve} isOpen={isResolving} onClose={resolve.close} confirm={t.alerts.resolve}
        done={t.alerts.resolvedNow} act={(reason) => post('/api/v1/ops/alerts/{alertId}/resolve', { reason }, options)}>
        <Text size="sm">{t.alerts.resolveHint}</Text>
      </ReasonDialog>
    </>
  );
}
