import { Group, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useText } from '../text';

/** A page's heading; the browser's title follows it. */
export function PageTitle({ children, side, order = 1 }: { children: string; side?: ReactNode; order?: 1 | 2 }) {
  const t = useText();
  useEffect(() => {
    document.title = `${children} · ${t.app.name}`;
  }, [children, t]);
  return (
    <Group justify="space-between" gap="sm" mih={36}>
      <Title order={order} size="h3">{children}</Title>
      {side}
    </Group>
  );
}
