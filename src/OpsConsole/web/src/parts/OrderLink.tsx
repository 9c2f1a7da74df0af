import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** Leads to an order's page. */
export function OrderLink({ orderId, children }: { orderId: string; children: ReactNode }) {
  return <Anchor size="sm" renderRoot={(props) => <Link to="/orders/$orderId" params={{ orderId }} {...props} />}>{children}</Anchor>;
}
