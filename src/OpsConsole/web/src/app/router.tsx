import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Overview } from '../pages/overview/Overview';
import { Failed, Missing } from '../parts/Failed';
import { Shell } from './Shell';

const root = createRootRoute({ component: Shell, notFoundComponent: Missing, errorComponent: Failed });
const page = <const P extends string, T extends Record<string, unknown>>(
  path: P, load: () => Promise<T>, name: keyof T & string,
) => createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, name) });

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

const routes = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: Overview }),
  orders,
  page('/orders/$orderId', () => import('../pages/order/OrderPage'), 'OrderPage'),
]);

export const router = createRouter({ routeTree: routes, basepath: '/console', defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
