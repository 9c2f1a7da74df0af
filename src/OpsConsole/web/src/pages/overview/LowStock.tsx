import { Badge, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
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
          <Link key={item.alertId} to="/stock" search={{ product: productOf(item.subject) }} className="plain">
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" fw={550} className="follows">{item.subject}</Text>
              <Badge color={item.type === 'OUT_OF_STOCK' ? 'red' : 'orange'}>{item.type === 'OUT_OF_STOCK' ? t.overview.outOfStock : t.overview.low}</Badge>
            </Group>
          </Link>
        ))}
      </Stack>
    </Panel>
  );
}

/** The product of an item's key: "P-1005", or "P-1005/red"; a slash within a product's id is escaped. */
const productOf = (key: string) => decodeURIComponent(key.split('/')[0] ?? key);
