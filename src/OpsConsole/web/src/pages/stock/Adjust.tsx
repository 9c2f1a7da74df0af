import { NumberInput, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { post } from '../../api/client';
import { ReasonDialog } from '../../parts/ReasonDialog';
import { useText } from '../../text';
import type { Level } from './Stock';

/** Corrects an item's count. */
export function Adjust({ item, onClose }: { item: Level | undefined; onClose: () => void }) {
  const t = useText();
  const [delta, setDelta] = useState<number>(0);
  useEffect(() => setDelta(0), [item]);
  const name = item ? `${item.productId}${item.variantId ? `/${item.variantId}` : ''}` : '';
  return (
    <ReasonDialog title={`${t.stock.adjust}: ${name}`} isOpen={item !== undefined} onClose={onClose} confirm={t.stock.adjust} isBlocked={delta === 0}
      done={t.stock.adjusted}
      act={(reason) => post('/api/v1/inventory/{productId}/adjust', { delta, reason, variantId: item?.variantId ?? null }, { params: { productId: item?.productId ?? '' } })}>
      <NumberInput label={t.stock.delta} description={t.stock.deltaHint} value={delta} onChange={(v) => setDelta(Number(v) || 0)} allowDecimal={false} data-autofocus />
      {item && <Text size="sm">{t.stock.after(item.onHand, item.onHand + delta, item.available + delta)}</Text>}
    </ReasonDialog>
  );
}
