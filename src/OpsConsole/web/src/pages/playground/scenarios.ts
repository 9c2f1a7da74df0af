import type { Schemas } from '../../api/client';

type Product = Schemas['ProductView'];

/** What a customer does, and what the outside world answers. */
export type Scenario = {
  id: 'well' | 'declined' | 'lostAnswer' | 'soldOut' | 'carrierRefuses' | 'carrierDown' | 'changesMind' | 'nobodyHome' | 'refundFails' | 'mixed';
  billingKey?: string; postalCode?: string; soldOut?: boolean; cancels?: boolean;
};

/** The keys and postal codes by which the sandbox knows how to behave. */
export const scenarios: Scenario[] = [
  { id: 'well' },
  { id: 'declined', billingKey: 'bk_declined' },
  { id: 'lostAnswer', billingKey: 'bk_timeout_then_success' },
  { id: 'soldOut', soldOut: true },
  { id: 'carrierRefuses', postalCode: '00001' },
  { id: 'carrierDown', postalCode: '00002' },
  { id: 'changesMind', cancels: true },
  { id: 'nobodyHome', postalCode: '00003' },
  { id: 'refundFails', billingKey: 'bk_refund_fails', postalCode: '00001' },
  { id: 'mixed' },
];

const mostlyWell = ['well', 'well', 'well', 'well', 'well', 'well', 'declined', 'soldOut', 'carrierRefuses', 'changesMind'];

/** The scenario of the nth order: of the mixed one another each time. */
export const nth = (scenario: Scenario, n: number): Scenario =>
  scenario.id === 'mixed' ? (scenarios.find((s) => s.id === mostlyWell[n % mostlyWell.length]) ?? scenario) : scenario;

/** A scenario's order. */
export function bodyOf(scenario: Scenario, products: Product[], n: number): Schemas['OrderBody'] {
  const wanted = products.filter((p) => (scenario.soldOut ? p.available <= 0 : p.available > 1_000));
  const usable = wanted.length > 0 ? wanted : products;
  const product = usable[n % usable.length];
  if (!product) {
    throw new Error('The shop sells nothing.');
  }
  return {
    items: [{ productId: product.productId, variantId: product.variantId ?? null, quantity: 1 }],
    shippingAddress: {
      recipientName: '홍길동', phone: '010-1234-5678', postalCode: scenario.postalCode ?? '04524', address: '서울시 중구 세종대로 110', addressDetail: null,
    },
    paymentMethod: { type: 'card', billingKey: scenario.billingKey ?? 'bk_ok' },
  } as Schemas['OrderBody'];
}
