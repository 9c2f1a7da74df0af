import { Text, Tooltip, type TextProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useRelative, useTimes } from './format';

/** The time, again every second. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A moment, and, on a closer look, how long ago it was. */
export function When({ at, as = 'short', ...props }: { at: string; as?: 'full' | 'short' | 'clock' | 'precise' } & TextProps) {
  const times = useTimes();
  return (
    <Tooltip label={`${times.full(at)} (${times.zone})`}>
      <Text component="time" size="sm" className="num" {...props} {...{ dateTime: at }}>{times[as](at)}</Text>
    </Tooltip>
  );
}

/** How long ago a moment was, or in what time it will be. */
export function Ago({ at, ...props }: { at: string } & TextProps) {
  const [now, relative, times] = [useNow(), useRelative(), useTimes()];
  return (
    <Tooltip label={`${times.full(at)} (${times.zone})`}>
      <Text component="time" size="sm" className="num" {...props} {...{ dateTime: at }}>{relative(at, now)}</Text>
    </Tooltip>
  );
}
