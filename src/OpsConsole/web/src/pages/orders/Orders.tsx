import { Paper, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { getPage } from '../../api/client';
import type { OrderFilters } from '../../app/router';
import { Failed } from '../../parts/Failed';
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
  const list = useInfiniteQuery({
    queryKey: ['orders', filters],
    queryFn: ({ pageParam, signal }) =>
      getPage('/api/v1/ops/orders', { signal, query: { ...asked(filters), limit: pageSize, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? 3_000 : false), // while at the top
  });
  const orders = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Stack gap="sm">
      <PageTitle side={<Text size="sm" c="dimmed" className="num" role="status">{t.orders.loaded(orders.length)}{list.hasNextPage ? ` · ${t.orders.more}` : ''}</Text>}>
        {t.orders.title}
      </PageTitle>
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

/** Days as the server wants them: from the first moment of one to the last of the other, in Seoul. */
function asked({ from, to, ...rest }: OrderFilters) {
  const midnight = (day: string, later = 0) => new Date(Date.parse(`${day}T00:00:00+09:00`) + later).toISOString();
  return { ...rest, from: from && midnight(from), to: to && midnight(to, 86_400_000) };
}
