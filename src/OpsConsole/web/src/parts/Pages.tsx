import { Button, Group, Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePages, type Pages as Asked } from '../api/pages';
import { useText } from '../text';
import { Failed } from './Failed';
import { Empty } from './Panel';

type Props<T> = Asked<T> & { empty: string; children: (items: T[]) => ReactNode };

/** A list, the next page on demand. */
export function Pages<T>({ empty, children, ...asked }: Props<T>) {
  const t = useText();
  const { list, items, isPastTop, toTop } = usePages(asked);
  if (list.error) {
    return <Failed error={list.error} reset={() => void list.refetch()} />;
  }
  if (!list.data) {
    return <Skeleton h={160} radius="lg" />;
  }
  return (
    <Stack gap="sm">
      {items.length === 0 && !list.hasNextPage ? <Empty>{empty}</Empty> : children(items)}
      <Group justify="center">
        {list.hasNextPage && <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t.common.more}</Button>}
        {isPastTop && <Button variant="subtle" onClick={toTop}>{t.common.newest}</Button>}
      </Group>
    </Stack>
  );
}
