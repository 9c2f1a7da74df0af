import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/client';
import { useText } from '../text';
import { Failed } from './Failed';
import { Empty } from './Panel';

type Props<T> = {
  queryKey: QueryKey; read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T[]>>;
  every?: number; empty: string; children: (items: T[]) => ReactNode;
};

/** A list whose pages are asked for one after the other; while only the first is shown, it is kept fresh. */
export function Pages<T>({ queryKey, read, every, empty, children }: Props<T>) {
  const t = useText();
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    refetchInterval: (query) => (every && (query.state.data?.pages.length ?? 0) <= 1 ? every : false),
  });
  if (list.error) {
    return <Failed error={list.error} reset={() => void list.refetch()} />;
  }
  if (!list.data) {
    return <Skeleton h={160} radius="lg" />;
  }
  const items = list.data.pages.flatMap((page) => page.data);
  return (
    <Stack gap="sm">
      {items.length === 0 && !list.hasNextPage ? <Empty>{empty}</Empty> : children(items)}
      {list.hasNextPage && (
        <Group justify="center"><Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t.common.more}</Button></Group>
      )}
    </Stack>
  );
}
