import { Badge, Group, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { getPage, type Schemas } from '../../api/client';
import { OrderLink } from '../../parts/OrderLink';
import { PageTitle } from '../../parts/PageTitle';
import { Pages } from '../../parts/Pages';
import { When } from '../../parts/When';
import { useText } from '../../text';
import classes from './Notices.module.css';

type Notice = Schemas['OpsNotificationView'];

const colors: Record<string, string> = { sent: 'teal', pending: 'blue', failed: 'red', suppressed: 'gray', skipped: 'gray' };

/** What customers were told, as they saw it. */
export function Notices() {
  const t = useText();
  const { orderId } = useSearch({ from: '/notifications' });
  const [userId, setUserId] = useState('');
  const [asked] = useDebouncedValue(userId.trim(), 300);
  return (
    <Stack gap="sm">
      <PageTitle>{t.nav.notifications}</PageTitle>
      <TextInput label={t.orders.customer} value={userId} onChange={(e) => setUserId(e.currentTarget.value)} placeholder="u-1" maw={240} />
      <Pages queryKey={['notices', orderId, asked]} every={4_000} empty={t.notices.empty}
        read={(cursor, signal) => getPage('/api/v1/ops/notifications', { signal, query: { orderId, userId: asked, cursor, limit: 30 } })}>
        {(notices: Notice[]) => <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">{notices.map((n) => <Card key={n.notificationId} notice={n} />)}</SimpleGrid>}
      </Pages>
    </Stack>
  );
}

function Card({ notice }: { notice: Notice }) {
  const t = useText();
  return (
    <Paper className="panel" p="md">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Badge color="indigo">{t.notices.channels[notice.channel] ?? notice.channel}</Badge>
          <Badge color={colors[notice.status] ?? 'gray'}>{t.notices.statuses[notice.status] ?? notice.status}</Badge>
          <Text size="sm" className="mono">{notice.type}</Text>
        </Group>
        <When at={notice.createdAt} c="dimmed" />
      </Group>
      <Text size="xs" c="dimmed" mt={4}>{notice.userId}{notice.recipient ? ` · ${notice.recipient}` : ''} · {notice.language} · <OrderLink orderId={notice.orderId}>{t.alerts.toOrder}</OrderLink></Text>
      {notice.reason && <Text size="sm" mt={4} className="wrap">{notice.reason}</Text>}
      {notice.text && (
        <div className={classes.seen} data-channel={notice.channel} lang={notice.language}>
          {notice.text.subject && <Text size="sm" fw={650}>{notice.text.subject}</Text>}
          <Text size="sm" className={classes.body}>{notice.text.body}</Text>
        </div>
      )}
    </Paper>
  );
}
