import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Overview } from '../pages/overview/Overview';
import { Failed, Missing } from '../parts/Failed';
import { Shell } from './Shell';

const root = createRootRoute({ component: Shell, notFoundComponent: Missing, errorComponent: Failed });
const page = <const P extends string, T extends Record<string, unknown>>(
  path: P, load: () => Promise<T>, name: keyof T & string,
) => createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, name) });

/** The named members of an address, as texts. */
const textsOf = <const N extends string>(search: Record<string, unknown>, names: readonly N[]): { [K in N]?: string } =>
  Object.fromEntries(names.flatMap((name) => (search[name] == null ? [] : [[name, String(search[name])]]))) as { [K in N]?: string };

/** What narrows the list of orders; it stands in the address, so that a list can be linked to. */
export type OrderFilters = {
  status?: string; sagaStatus?: string; step?: string; from?: string; to?: string; product?: string; customer?: string;
  minAmount?: number; maxAmount?: number;
};

const texts = ['status', 'sagaStatus', 'step', 'from', 'to', 'product', 'customer'] as const;
const numbers = ['minAmount', 'maxAmount'] as const;

const orders = createRoute({
  getParentRoute: () => root,
  path: '/orders',
  validateSearch: (search: Record<string, unknown>): OrderFilters => Object.fromEntries([
    ...texts.map((name) => [name, search[name] == null ? undefined : String(search[name])]),
    ...numbers.map((name) => [name, Number.isFinite(Number(search[name] ?? NaN)) ? Number(search[name]) : undefined]),
  ].filter(([, value]) => value !== undefined && value !== '')),
  component: lazyRouteComponent(() => import('../pages/orders/Orders'), 'Orders'),
});

/** Which dead letters are listed, and which is looked at. */
export type LetterSearch = { queue?: string | undefined; status?: string | undefined; letter?: string | undefined };

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: (search: Record<string, unknown>): LetterSearch => textsOf(search, ['queue', 'status', 'letter']),
  component: lazyRouteComponent(() => import('../pages/deadLetters/DeadLetters'), 'DeadLetters'),
});

/** Which sagas are listed. */
export type SagaSearch = { definition?: string | undefined; status?: string | undefined; step?: string | undefined };

const sagas = createRoute({
  getParentRoute: () => root,
  path: '/sagas',
  validateSearch: (search: Record<string, unknown>): SagaSearch => textsOf(search, ['definition', 'status', 'step']),
  component: lazyRouteComponent(() => import('../pages/sagas/Sagas'), 'Sagas'),
});

const stock = createRoute({
  getParentRoute: () => root,
  path: '/stock',
  validateSearch: (search: Record<string, unknown>): { product?: string } => textsOf(search, ['product']),
  component: lazyRouteComponent(() => import('../pages/stock/Stock'), 'Stock'),
});

const notices = createRoute({
  getParentRoute: () => root,
  path: '/notifications',
  validateSearch: (search: Record<string, unknown>): { orderId?: string } =>
    (typeof search['orderId'] === 'string' ? { orderId: search['orderId'] } : {}),
  component: lazyRouteComponent(() => import('../pages/notifications/Notices'), 'Notices'),
});

const routes = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: Overview }),
  orders,
  sagas,
  deadLetters,
  page('/playground', () => import('../pages/playground/Playground'), 'Playground'),
  page('/queues', () => import('../pages/queues/Queues'), 'Queues'),
  page('/breakers', () => import('../pages/breakers/Breakers'), 'Breakers'),
  notices,
  stock,
  page('/stats', () => import('../pages/stats/Stats'), 'Stats'),
  page('/audit', () => import('../pages/audit/Audit'), 'Audit'),
  page('/sandbox', () => import('../pages/sandbox/Sandbox'), 'Sandbox'),
  page('/alerts', () => import('../pages/alerts/Alerts'), 'Alerts'),
  page('/orders/$orderId', () => import('../pages/order/OrderPage'), 'OrderPage'),
]);

export const router = createRouter({ routeTree: routes, basepath: '/console', defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
