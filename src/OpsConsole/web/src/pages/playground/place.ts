import { ApiError, get, post, type Schemas } from '../../api/client';
import { bodyOf, nth, type Scenario } from './scenarios';

export type Placed = Schemas['PlacedView'] & { scenario: Scenario['id'] };
export type Progress = { placed: number; refused: number; of: number; seconds: number };

const [atOnce, customers, triesWhenBusy] = [6, 10, 30];

/**
 * Places orders as customers do, through the public API, a few at a time; one that is told to come back later does.
 * What happens to them then is not this page's doing.
 */
export async function place(
  scenario: Scenario, count: number, onPlaced: (order: Placed, progress: Progress) => void, signal: AbortSignal,
): Promise<Progress> {
  const began = performance.now();
  const tokens = await Promise.all(Array.from({ length: Math.min(customers, count) }, (_, i) =>
    post('/dev/token', { userId: `play-${i + 1}`, role: 'customer' }).then((issued) => issued.token)));
  const products = await get('/api/v1/products', { query: { limit: 100 } });
  const progress: Progress = { placed: 0, refused: 0, of: count, seconds: 0 };
  let next = 0;
  const worker = async () => {
    while (next < count && !signal.aborted) {
      const n = next++;
      const [each, as] = [nth(scenario, n), tokens[n % tokens.length]];
      const order = await patiently(() => post('/api/v1/orders', bodyOf(each, products, n), { as, signal }), signal);
      progress.seconds = (performance.now() - began) / 1000;
      if (!order) {
        progress.refused++;
        continue;
      }
      progress.placed++;
      onPlaced({ ...order, scenario: each.id }, { ...progress });
      if (each.cancels) {
        await post('/api/v1/orders/{orderId}/cancel', { reason: '단순 변심' }, { params: { orderId: order.orderId }, as, signal });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return progress;
}

/** Again while the shop is busy; undefined when it refuses. */
async function patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  for (let i = 0; i < triesWhenBusy && !signal.aborted; i++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      if (error.status !== 503 && error.status !== 429) {
        return undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  return undefined;
}
