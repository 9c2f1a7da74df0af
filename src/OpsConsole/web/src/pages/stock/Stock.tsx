import { Badge, Button, Group, Paper, Progress, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { get, getPage, type Schemas } from '../../api/client';
import { PageTitle } from '../../parts/PageTitle';
import { Pages } from '../../parts/Pages';
import { useText } from '../../text';
import { Adjust } from './Adjust';
import { Moves } from './Moves';

export type Level = Schemas['StockLevelView'];

/** How much of everything is there, held, and left to sell. */
export function Stock() {
  const t = useText();
  const { product = '' } = useSearch({ from: '/stock' });
  const [productId, setProductId] = useState(product);
  useEffect(() => setProductId(product), [product]);
  const [asked] = useDebouncedValue(productId.trim(), 300);
  const [adjusting, setAdjusting] = useState<Level>();
  const [looked, setLooked] = useState<Level>();
  return (
    <Stack gap="sm">
      <PageTitle>{t.nav.stock}</PageTitle>
      <TextInput label={t.orders.product} value={productId} onChange={(e) => setProductId(e.currentTarget.value)} placeholder="P-1001" maw={240} />
      <Pages queryKey={['stock', asked]} every={3_000} empty={t.stock.empty}
        read={(cursor, signal) => getPage('/api/v1/ops/stock', { signal, query: { productId: asked, cursor, limit: 50 } })}>
        {(items: Level[]) => <Levels items={items} onAdjust={setAdjusting} onLook={setLooked} />}
      </Pages>
      <Adjust item={adjusting} onClose={() => setAdjusting(undefined)} />
      <Moves item={looked} onClose={() => setLooked(undefined)} />
    </Stack>
  );
}

type LevelsProps = { items: Level[]; onAdjust: (item: Level) => void; onLook: (item: Level) => void };

function Levels({ items, onAdjust, onLook }: LevelsProps) {
  const t = useText();
  const products = useQuery({ queryKey: ['products'], staleTime: 60_000, queryFn: ({ signal }) => get('/api/v1/products', { signal, query: { limit: 100 } }) });
  const nameOf = (item: Level) => products.data?.find((p) => p.productId === item.productId && p.variantId === item.variantId)?.name;
  const heads = [t.stock.item, t.stock.onHand, t.stock.reserved, t.stock.available, '', t.common.actions];
  return (
    <Paper className="panel" p="xs">
      <Table.ScrollContainer minWidth={680}>
        <Table>
          <Table.Thead><Table.Tr>{heads.map((h, i) => <Table.Th key={i} ta={i > 0 && i < 4 ? 'right' : 'left'}>{h || <span aria-hidden />}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={`${item.productId}/${item.variantId}`}>
                <Table.Td>
                  <Text size="sm" fw={600}>{nameOf(item) ?? item.productId}</Text>
                  <Text size="xs" c="dimmed" className="mono">{item.productId}{item.variantId ? `/${item.variantId}` : ''}{item.sellerId ? ` · ${item.sellerId}` : ''}</Text>
                </Table.Td>
                {[item.onHand, item.reserved, item.available].map((n, i) => <Table.Td key={i} ta="right" className="num">{t.common.count(n)}</Table.Td>)}
                <Table.Td miw={110}>
                  {item.isLow
                    ? <Badge color={item.available <= 0 ? 'red' : 'orange'}>{item.available <= 0 ? t.overview.outOfStock : t.overview.low}</Badge>
                    : <Progress value={item.onHand === 0 ? 0 : (100 * item.available) / item.onHand} size="sm" color="teal" aria-label={t.stock.available} />}
                </Table.Td>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <Button size="compact-sm" variant="default" onClick={() => onLook(item)}>{t.stock.moves}</Button>
                    <Button size="compact-sm" variant="light" onClick={() => onAdjust(item)}>{t.stock.adjust}</Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
