import { Button, Collapse, Group, NumberInput, Paper, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { OrderFilters } from '../../app/router';
import { useText } from '../../text';

const steps = ['reserve_inventory', 'process_payment', 'prepare_shipping'];

type Props = { value: OrderFilters; onChange: (filters: OrderFilters) => void };

/** What narrows the list; on a narrow screen behind a button. */
export function Filters({ value, onChange }: Props) {
  const t = useText();
  const isNarrow = useMediaQuery('(max-width: 48em)');
  const [isOpen, { toggle }] = useDisclosure(false);
  const count = Object.values(value).filter((v) => v !== undefined).length;
  return (
    <>
      {isNarrow && (
        <Group>
          <Button variant="default" leftSection={<IconFilter size={16} />} onClick={toggle} aria-expanded={isOpen}>
            {t.orders.filters}{count > 0 ? ` (${count})` : ''}
          </Button>
        </Group>
      )}
      <Collapse expanded={!isNarrow || isOpen}><Fields value={value} onChange={onChange} /></Collapse>
    </>
  );
}

function Fields({ value, onChange }: Props) {
  const t = useText();
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const later = useDebouncedCallback(onChange, 400);
  const set = (change: OrderFilters, typed = false) => {
    const next = Object.fromEntries(Object.entries({ ...draft, ...change }).filter(([, v]) => v !== undefined && v !== '')) as OrderFilters;
    setDraft(next);
    if (typed) {
      later(next);
    } else {
      now(next);
    }
  };
  // What was typed a moment ago is in it already, or is not wanted any more.
  const now = (next: OrderFilters) => {
    later.cancel();
    onChange(next);
  };
  const options = (names: Record<string, string>) => Object.entries(names).map(([name, label]) => ({ value: name, label }));
  const number = (v: string | number) => (v === '' ? undefined : Number(v));
  return (
    <Paper p="sm" className="panel">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="xs" verticalSpacing="xs">
        <Select label={t.orders.status} data={options(t.orderStatus)} value={draft.status ?? null} placeholder={t.common.any}
          clearable onChange={(v) => set({ status: v ?? undefined })} />
        <Select label={t.orders.saga} data={options(t.sagaStatus)} value={draft.sagaStatus ?? null} placeholder={t.common.any}
          clearable onChange={(v) => set({ sagaStatus: v ?? undefined })} />
        <Select label={t.orders.step} data={steps.map((step) => ({ value: step, label: t.steps[step] ?? step }))}
          value={draft.step ?? null} placeholder={t.common.any} clearable onChange={(v) => set({ step: v ?? undefined })} />
        <TextInput type="date" label={`${t.orders.ordered} ${t.common.from}`} value={draft.from ?? ''} onChange={(e) => set({ from: e.currentTarget.value })} />
        <TextInput type="date" label={`${t.orders.ordered} ${t.common.to}`} value={draft.to ?? ''} onChange={(e) => set({ to: e.currentTarget.value })} />
        <TextInput label={t.orders.product} value={draft.product ?? ''} placeholder="P-1001" onChange={(e) => set({ product: e.currentTarget.value }, true)} />
        <TextInput label={t.orders.customer} value={draft.customer ?? ''} placeholder="u-1" onChange={(e) => set({ customer: e.currentTarget.value }, true)} />
        <NumberInput label={t.orders.minAmount} value={draft.minAmount ?? ''} min={0} thousandSeparator onChange={(v) => set({ minAmount: number(v) }, true)} />
        <NumberInput label={t.orders.maxAmount} value={draft.maxAmount ?? ''} min={0} thousandSeparator onChange={(v) => set({ maxAmount: number(v) }, true)} />
        <Group align="flex-end"><Button variant="default" onClick={() => now({})}>{t.common.reset}</Button></Group>
      </SimpleGrid>
    </Paper>
  );
}
