import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** A name and a value on one line. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" gap="md">
      <Text size="sm" c="dimmed" style={{ flexShrink: 0 }}>{name}</Text>
      {children}
    </Group>
  );
}
