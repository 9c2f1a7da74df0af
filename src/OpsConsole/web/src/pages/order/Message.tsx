import { Alert, Code, Drawer, Skeleton, Stack, Text } from '@mantine/core';
import { CopyText } from '../../parts/CopyText';
import { Failed } from '../../parts/Failed';
import { traceIdOf } from '../../parts/format';
import { When } from '../../parts/When';
import { useText } from '../../text';
import { useMessages, type Entry } from './data';
import { Fact } from './Facts';

/** A message as the journal keeps it. */
export function Message({ orderId, entry, onClose }: { orderId: string; entry: Entry | undefined; onClose: () => void }) {
  const t = useText();
  const { data, error } = useMessages(orderId, entry !== undefined);
  const message = data?.messages.find((m) => m.eventId === entry?.eventId);
  const cause = message && data?.messages.find((m) => m.eventId === message.causationId);
  const trace = traceIdOf(message?.traceparent);
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
          <Alert color="gray" p="xs"><Text size="sm">{t.order.rawHint}</Text></Alert>
          <Code block className="wrap" tabIndex={0}>{JSON.stringify(message.data, null, 2)}</Code>
        </Stack>
      )}
    </Drawer>
  );
}
