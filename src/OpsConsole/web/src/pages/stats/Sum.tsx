import { Paper, Text } from '@mantine/core';

/** One sum of the period. */
export function Sum({ name, value, detail }: { name: string; value: string; detail: string }) {
  return (
    <Paper p="sm" className="panel">
      <Text size="sm" c="dimmed">{name}</Text>
      <Text fz={{ base: 18, xs: 24 }} fw={700} className="num">{value}</Text>
      <Text size="xs" c="dimmed">{detail}</Text>
    </Paper>
  );
}
