import { Alert, Button, Code, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { post, type Schemas } from '../../api/client';
import { CopyText } from '../../parts/CopyText';
import { Failed } from '../../parts/Failed';
import { traceIdOf } from '../../parts/format';
import { ReasonDialog } from '../../parts/ReasonDialog';
import { When } from '../../parts/When';
import { Fact } from '../../parts/Fact';
import { useText } from '../../text';
import { useMessages, type Entry } from './data';

/** The messages that have personal data in them. */
const personal = new Set(['shipping.prepare_requested', 'payment.requested']);

/** A message as the journal keeps it. */
export function Message({ orderId, entry, onClose }: { orderId: string; entry: Entry | undefined; onClose: () => void }) {
  const t = useText();
  const { data, error } = useMessages(orderId, entry !== undefined);
  const message = data?.messages.find((m) => m.eventId === entry?.eventId);
  const cause = message && data?.messages.find((m) => m.eventId === message.causationId);
  const trace = traceIdOf(message?.traceparent);
  const [clear, setClear] = useState<Schemas['JournalView']>();
  const [isAsking, setAsking] = useState(false);
  useEffect(() => setClear(undefined), [entry?.eventId]);
  return (
    <Drawer opened={entry !== undefined} onClose={onClose} position="right" size="lg" title={t.order.raw} closeButtonProps={{ 'aria-label': t.common.close }}>
      {error && <Failed error={error} />}
      {!message && !error && <Skeleton h={240} />}
      {message && (
        <Stack gap="xs">
          <Text fw={700} className="mono">{message.eventType} <Text span c="dimmed" size="sm">{message.eventVersion}</Text></Text>
          <Fact name={t.common.time}><When at={message.timestamp} as="full" /></Fact>
          <Fact name={t.common.service}><Text size="sm">{message.source}</Text></Fact>
          <Fact name="eventId"><CopyText value={message.eventId} label="eventId" /></Fact>
          {cause && <Fact name={t.order.caused}><Text size="sm" className="mono">{cause.eventType}</Text></Fact>}
          {trace && <Fact name={t.order.traceId}><CopyText value={trace} label={t.order.traceId} /></Fact>}
          <Alert color="gray" p="xs">
            <Group justify="space-between" gap="xs">
              <Text size="sm">{clear ? t.order.unmasked : t.order.rawHint}</Text>
              {!clear && personal.has(message.eventType) && <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>{t.order.unmask}</Button>}
            </Group>
          </Alert>
          <Code block className="wrap" tabIndex={0} data-testid="raw">{JSON.stringify((clear ?? message).data, null, 2)}</Code>
          <ReasonDialog title={t.order.unmask} isOpen={isAsking} onClose={() => setAsking(false)} confirm={t.order.unmask} done={t.order.unmasked}
            act={async (reason) => setClear(await post('/api/v1/ops/orders/{orderId}/messages/{eventId}/reveal', { reason }, { params: { orderId, eventId: message.eventId } }))}>
            <Text size="sm">{t.order.unmaskHint}</Text>
          </ReasonDialog>
        </Stack>
      )}
    </Drawer>
  );
}
