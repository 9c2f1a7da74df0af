import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiError, get, type Schemas } from '../../api/client';
import { follow } from '../../api/stream';

export type OrderData = Schemas['OrderView'];
export type SagaData = Schemas['SagaView'];
export type Outline = Schemas['SagaOutline'];
export type Entry = Schemas['TimelineEntry'];

/** What the services tell of the order is asked for again as often as this, beside the saga's own events. */
const every = 4_000;
const ended = new Set<Schemas['OrderStatus']>(['delivered', 'cancelled', 'returned']);

/** The order; each change of its saga brings everything of it up to date at once. */
export function useOrder(orderId: string) {
  const queries = useQueryClient();
  useEffect(() => {
    const end = new AbortController();
    void follow(`/api/v1/orders/${orderId}/events`, () => void queries.invalidateQueries({ queryKey: ['order', orderId] }), end.signal);
    return () => end.abort();
  }, [orderId, queries]);
  return useQuery({
    queryKey: ['order', orderId, 'self'],
    queryFn: ({ signal }) => get('/api/v1/orders/{orderId}', { params: { orderId }, signal }) as Promise<OrderData>,
    refetchInterval: (query) => (query.state.data && ended.has(query.state.data.status) ? false : every),
  });
}

/** The order's saga, or that of one of its partial cancels. */
export const useSagaOf = (order: OrderData, sagaId: string) => useQuery({
  queryKey: ['order', order.orderId, 'saga', sagaId],
  queryFn: ({ signal }) => get('/api/v1/ops/sagas/{sagaId}', { params: { sagaId }, signal }),
  refetchInterval: ended.has(order.status) ? false : every,
});

export const useSaga = (order: OrderData) => useSagaOf(order, order.sagaId);

export const useOutlines = () => useQuery({
  queryKey: ['saga-definitions'],
  queryFn: ({ signal }) => get('/api/v1/ops/saga-definitions', { signal }),
  staleTime: Infinity,
});

export const useTimeline = (orderId: string) => useQuery({
  queryKey: ['order', orderId, 'timeline'],
  queryFn: ({ signal }) => get('/api/v1/ops/orders/{orderId}/timeline', { params: { orderId }, signal }),
  refetchInterval: every,
});

/** The raw messages; asked for when one is looked at. */
export const useMessages = (orderId: string, wanted: boolean) => useQuery({
  queryKey: ['order', orderId, 'journal'],
  queryFn: ({ signal }) => get('/api/v1/ops/journal', { query: { orderId }, signal }),
  enabled: wanted,
});

/** What is not there yet is no failure. */
const orNothing = <T,>(asked: Promise<T>): Promise<T | null> => asked.catch((error: unknown) => {
  if (error instanceof ApiError && error.status === 404) {
    return null;
  }
  throw error;
});

export const usePayment = (orderId: string, paymentId: string | undefined) => useQuery({
  queryKey: ['order', orderId, 'payment', paymentId],
  queryFn: ({ signal }) => orNothing(get('/api/v1/payments/{paymentId}', { params: { paymentId: paymentId ?? '' }, signal })),
  enabled: paymentId !== undefined,
  refetchInterval: every,
});

/** Inventory has one once it has answered. */
export const useReservation = (orderId: string, saga: SagaData) => useQuery({
  queryKey: ['order', orderId, 'reservation'],
  queryFn: ({ signal }) => orNothing(get('/api/v1/ops/reservations/{orderId}', { params: { orderId }, signal })),
  enabled: saga.steps.some((s) => s.name === 'reserve_inventory' && (s.doneAt != null || s.status === 'failed')),
  refetchInterval: every,
});

export const useTracking = (orderId: string, trackingNumber: string | null | undefined) => useQuery({
  queryKey: ['order', orderId, 'tracking', trackingNumber],
  queryFn: ({ signal }) => orNothing(get('/api/v1/shipping/track/{trackingNumber}', { params: { trackingNumber: trackingNumber ?? '' }, signal })),
  enabled: trackingNumber != null,
  refetchInterval: every,
});
