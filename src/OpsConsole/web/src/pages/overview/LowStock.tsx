import { Badge, Group, Stack, Text } from '@mantine/core';
import type { OverviewData } from '../../api/overview';
import { Empty, Panel } from '../../parts/Panel';
import { useText } from '../../text';

/** Items that run low or are gone. */
export function LowStock({ items }: { items: OverviewData['lowStock'] }) {
  const t = useText();
  return (
    <Panel title={t.overview.lowStock} to="/stock">
      {items.length === 0 && <Empty>{t.overview.lowStockEmpty}</Empty>}
      <Stack gap={8}>
        {items.map((item) => (
          <Group key={item.alertId} justify="space-between" wrap="nowrap">
            <Text size="sm" fw={550}>{item.subject}</Text>
            <Badge color={item.type === 'OUT_OF_STOCK' ? 'red' : 'orange'}>{item.type === 'OUT_OF_STOCK' ? t.overview.outOfStock : t.overview.low}</Badge>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
