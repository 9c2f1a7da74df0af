import { Button, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useText } from '../../text';

type Fault = Schemas['FaultBody'];

const operations: Record<string, string[]> = {
  pg: ['charge', 'query', 'cancel', 'webhook'],
  'carrier:*': ['register', 'query', 'readdress', 'dispatch', 'cancel_shipment', 'return', 'callback'],
  'carrier:kr.cjlogistics': ['register', 'query', 'readdress', 'dispatch', 'cancel_shipment', 'return', 'callback'],
  'carrier:kr.hanjin': ['register', 'query', 'readdress', 'dispatch', 'cancel_shipment', 'return', 'callback'],
  smtp: ['send'], push: ['send', 'token'], sms: ['send'],
};
const modes = ['down', 'error', 'slow', 'timeout', 'lose_response', 'decline'];

/** A fault of one's own making. */
export function FaultForm({ onAdd }: { onAdd: (fault: Fault) => void }) {
  const t = useText();
  const [target, setTarget] = useState('pg');
  const [operation, setOperation] = useState<string | null>(null);
  const [mode, setMode] = useState('down');
  const [times, setTimes] = useState<number | ''>('');
  const [match, setMatch] = useState('');
  const submit = () => onAdd({
    target, mode, ...(operation ? { operation } : {}), ...(times === '' ? {} : { times }), ...(match ? { match } : {}),
    ...(mode === 'slow' ? { delayMs: 2_000 } : {}),
  } as Fault);
  return (
    <form onSubmit={(e) => { e.preventDefault(); submit(); }}>
      <SimpleGrid cols={{ base: 2, md: 6 }} spacing="xs" style={{ alignItems: 'end' }}>
        <Select label={t.sandbox.target} value={target} onChange={(v) => { setTarget(v ?? 'pg'); setOperation(null); }} data={Object.keys(operations)} />
        <Select label={t.sandbox.operation} value={operation} onChange={setOperation} data={operations[target] ?? []} placeholder={t.common.all} clearable />
        <Select label={t.sandbox.mode} value={mode} onChange={(v) => setMode(v ?? 'down')} data={modes.map((m) => ({ value: m, label: t.sandbox.modes[m] ?? m }))} />
        <NumberInput label={t.sandbox.times} value={times} onChange={(v) => setTimes(v === '' ? '' : Number(v))} min={1} placeholder={t.sandbox.forEver} />
        <TextInput label={t.sandbox.match} value={match} onChange={(e) => setMatch(e.currentTarget.value)} placeholder={t.sandbox.matchHint} maxLength={100} />
        <Button type="submit" variant="light">{t.sandbox.add}</Button>
      </SimpleGrid>
    </form>
  );
}
