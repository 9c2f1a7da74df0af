import { Group, Text } from '@mantine/core';
import { useText } from '../text';

/** Whether what is shown is of this moment. */
export function Live({ isLive }: { isLive: boolean }) {
  const t = useText();
  return (
    <Group gap={8} wrap="nowrap" role="status">
      <span className="live" data-stale={isLive ? undefined : true} />
      <Text size="sm" c="dimmed">{isLive ? t.common.live : t.common.stale}</Text>
    </Group>
  );
}
