import { Checkbox, NumberInput, Text } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { useText } from '../../text';

/** What is told of a settlement besides its step and reason. */
export type Settlement = Pick<Schemas['ResolveBody'], 'amount' | 'restock'>;

type Props = { detail: Schemas['SettlementDetail']; value: Settlement; onChange: (value: Settlement) => void };

/** The one thing that the step takes: how much went back, or that the goods are lost. Both say what comes of it. */
export function SettlementFields({ detail, value, onChange }: Props) {
  const { common, order: { actions: { settlement: t } } } = useText();
  if (detail === 'amount') {
    return (
      <div>
        <NumberInput label={t.amount} placeholder={t.all} value={value.amount ?? ''} min={0} allowDecimal={false} allowNegative={false} thousandSeparator
          onChange={(v) => onChange(v === '' ? {} : { amount: Number(v) })} />
        <Text size="sm" mt={4} data-testid="consequence">{value.amount == null ? t.allBooked : t.booked(common.won(value.amount))}</Text>
      </div>
    );
  }
  if (detail === 'restock') {
    const isLost = value.restock === false;
    return (
      <div>
        <Checkbox label={t.lost} checked={isLost} onChange={(e) => onChange(e.currentTarget.checked ? { restock: false } : {})} />
        <Text size="sm" mt={4} data-testid="consequence">{isLost ? t.writtenOff : t.putBack}</Text>
      </div>
    );
  }
  return null;
}
