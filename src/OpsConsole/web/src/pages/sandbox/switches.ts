import type { Schemas } from '../../api/client';

/** A fault that can be switched with a click. */
export type FaultSwitch = {
  id: 'pgDown' | 'pgSlow' | 'pgLoses' | 'pgRefusesRefunds' | 'carriersDown' | 'carriersSlow' | 'mailDown';
  target: string; operation?: string; mode: string; body: Schemas['FaultBody'];
};

const fault = (id: FaultSwitch['id'], target: string, mode: string, more: { operation?: string; delayMs?: number } = {}): FaultSwitch =>
  ({ id, target, mode, ...more, body: { target, mode, ...more } as Schemas['FaultBody'] });

export const switches: FaultSwitch[] = [
  fault('pgDown', 'pg', 'down'),
  fault('pgSlow', 'pg', 'slow', { delayMs: 2_000 }),
  fault('pgLoses', 'pg', 'lose_response', { operation: 'charge' }),
  fault('pgRefusesRefunds', 'pg', 'error', { operation: 'cancel' }),
  fault('carriersDown', 'carrier:*', 'down'),
  fault('carriersSlow', 'carrier:*', 'slow', { delayMs: 3_000 }),
  fault('mailDown', 'smtp', 'down'),
];
