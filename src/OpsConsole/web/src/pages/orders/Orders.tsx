import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { getPage } from '../../api/client';
import { usePages } from '../../api/pages';
import { zones, type Zone } from '../../app/preferences';
import type { OrderFilters } from '../../app/router';
import { Failed } from '../../parts/Failed';
import { startOfDay } from '../../parts/format';
import { PageTitle } from '../../parts/PageTitle';
import { useText } from '../../text';
import { Filters } from './Filters';
import { OrderRows } from './OrderRows';

const pageSize = 100;

/** Every order, newest first: pages are asked for as one scrolls, rows are made for what is seen. */
export function Orders() {
  const t = useText();
  const filters = useSearch({ from: '/orders' });
  const navigate = useNavigate({ from: '/orders' });
  const query = asked(filters, zones.use());
  const { list, items: orders, isPastTop, toTop } = usePages({
    queryKey: ['orders', query], every: 3_000,
    read: (cursor, signal) => getPage('/api/v1/ops/orders', { signal, query: { ...query, limit: pageSize, cursor } }),
  });
  const count = (
    <Group gap="xs">
      {isPastTop && <Button size="compact-sm" variant="subtle" onClick={toTop}>{t.common.newest}</Button>}
      <Text size="sm" c="dimmed" className="num" role="status">{t.orders.loaded(orders.length)}{list.hasNextPage ? ` · ${t.orders.more}` : ''}</Text>
    </Group>
  );
  return (
    <Stack gap="sm">
      <PageTitle side={count}>{t.orders.title}</PageTitle>
      <Filters value={filters} onChange={(search) => void navigate({ search })} />
      {list.error
        ? <Failed error={list.error} reset={() => void list.refetch()} />
        : (
          <Paper className="panel" style={{ overflow: 'hidden' }}>
            <OrderRows orders={orders} isLoading={list.isFetching && (orders.length === 0 || list.isFetchingNextPage)}
              hasMore={list.hasNextPage} loadMore={() => { if (!list.isFetching) { void list.fetchNextPage(); } }} />
          </Paper>
        )}
    </Stack>
  );
}

/** Days as the server wants them: from the first moment of one to the last of the other, in the chosen zone. */
const asked = ({ from, to, ...rest }: OrderFilters, zone: Zone) =>
  ({ ...rest, from: from && startOfDay(from, zone), to: to && startOfDay(to, zone, 1) });
