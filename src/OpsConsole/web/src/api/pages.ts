import { useInfiniteQuery, useQueryClient, type InfiniteData, type QueryClient, type QueryKey } from '@tanstack/react-query';
import type { Page } from './client';

/** A list that has grown longer is not asked for again by itself: each page is a request, one after the other. */
const maxPagesAskedAgain = 3;

type Asked = { state: { data?: unknown } };
type List = InfiniteData<unknown, string | undefined>;

const pagesOf = ({ state }: Asked): number => (state.data as Partial<List> | undefined)?.pages?.length ?? 0;
const isShort = (query: Asked): boolean => pagesOf(query) <= maxPagesAskedAgain;

export type Pages<T> = {
  queryKey: QueryKey; read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T[]>>; every?: number;
};

/** A list whose pages are asked for one after the other; while only the first is shown, it is kept fresh. */
export function usePages<T>({ queryKey, read, every }: Pages<T>) {
  const queries = useQueryClient();
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    refetchInterval: (query) => (every && pagesOf(query) <= 1 ? every : false),
    refetchOnWindowFocus: isShort,
    refetchOnReconnect: isShort,
    refetchOnMount: isShort,
  });
  const pages = list.data?.pages ?? [];
  return {
    list, items: pages.flatMap((page) => page.data), isPastTop: pages.length > 1,
    toTop: () => void queries.resetQueries({ queryKey, exact: true }),
  };
}

/** Everything that is shown is asked for again; of long lists the first page. */
export function askAgain(queries: QueryClient): void {
  queries.setQueriesData<List>({ predicate: (query) => !isShort(query) }, (list) => list && {
    pages: list.pages.slice(0, 1), pageParams: list.pageParams.slice(0, 1),
  });
  void queries.invalidateQueries();
}
