import { Drawer, Group, Text } from '@mantine/core';
import { getPage, type Schemas } from '../../api/client';
import { OrderLink } from '../../parts/OrderLink';
import { Pages } from '../../parts/Pages';
import { When } from '../../parts/When';
import { useText } from '../../text';
import type { Level } from './Stock';

/** What moved an item's stock, and the orders that hold it. */
export function Moves({ item, onClose }: { item: Level | undefined; onClose: () => void }) {
  const t = useText();
  const sign = (n: number) => (n > 0 ? `+${t.common.count(n)}` : t.common.count(n));
  return (
    <Drawer opened={item !== undefined} onClose={onClose} position="right" size="lg" closeButtonProps={{ 'aria-label': t.common.close }}
      title={`${t.stock.moves}: ${item?.productId ?? ''}${item?.variantId ? `/${item.variantId}` : ''}`}>
      {item && (
        <Pages queryKey={['moves', item.productId, item.variantId]} every={5_000} empty={t.common.empty}
          read={(cursor, signal) => getPage('/api/v1/ops/stock/{productId}/moves', { params: { productId: item.productId }, signal, query: { variantId: item.variantId, cursor, limit: 50 } })}>
          {(moves: Schemas['StockMoveView'][]) => moves.map((move, i) => (
            <Group key={`${move.at}/${i}`} justify="space-between" wrap="nowrap" py={2}>
              <div>
                <Text size="sm">{t.stock.reasons[move.reason] ?? move.reason}</Text>
                {move.orderId && <OrderLink orderId={move.orderId}>{t.alerts.toOrder}{move.reservationStatus && ` (${t.stock.claims[move.reservationStatus] ?? move.reservationStatus})`}</OrderLink>}
              </div>
              <div style={{ textAlign: 'right' }}>
                <Text size="sm" className="num">{t.stock.onHand} {sign(move.onHandDelta)} · {t.stock.reserved} {sign(move.reservedDelta)}</Text>
                <When at={move.at} as="full" size="xs" c="dimmed" />
              </div>
            </Group>
          ))}
        </Pages>
      )}
    </Drawer>
  );
}
