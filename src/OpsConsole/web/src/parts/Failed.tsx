import { Alert, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { ApiError } from '../api/client';
import { useText } from '../text';

/** Why something cannot be shown, and the way to try again. */
export function Failed({ error, reset }: { error: unknown; reset?: () => void }) {
  const t = useText();
  const trace = error instanceof ApiError ? error.traceId : undefined;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={t.errors.title} role="alert">
      <Stack gap="xs">
        <Text size="sm">{error instanceof TypeError ? t.errors.offline : error instanceof Error ? error.message : String(error)}</Text>
        {trace && <Text size="xs" className="mono">{t.common.trace(trace)}</Text>}
        {reset && <Group><Button size="compact-sm" color="red.9" onClick={reset}>{t.common.retry}</Button></Group>}
      </Stack>
    </Alert>
  );
}

/** No such page. */
export function Missing() {
  const t = useText();
  return (
    <Stack align="flex-start">
      <Title order={1} size="h3">{t.app.noPage}</Title>
      <Anchor component={Link} to="/">{t.app.toOverview}</Anchor>
    </Stack>
  );
}
