import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, type Schemas } from './client';
import { follow } from './stream';

export type OverviewData = Schemas['OverviewView'];
const key = ['overview'];

/** The shop's figures, every second; `isLive` tells whether the last one came just now. */
export function useOverview() {
  const queries = useQueryClient();
  const [lastAt, setLastAt] = useState(0);
  const [isLive, setIsLive] = useState(false);
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => get('/api/v1/ops/overview', { signal }) });
  useEffect(() => {
    const end = new AbortController();
    void follow<OverviewData>('/api/v1/ops/overview/events', (figures) => {
      queries.setQueryData(key, figures);
      setLastAt(Date.now());
    }, end.signal);
    return () => end.abort();
  }, [queries]);
  useEffect(() => {
    setIsLive(lastAt > 0);
    const timer = setTimeout(() => setIsLive(false), 5_000);
    return () => clearTimeout(timer);
  }, [lastAt]);
  return { ...query, isLive };
}
