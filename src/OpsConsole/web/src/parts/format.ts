import { languages, zones, type Zone } from '../app/preferences';
import { useText, type Text } from '../text';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: string, zone: Zone, options: Intl.DateTimeFormatOptions, key: string): Intl.DateTimeFormat {
  const name = `${language}/${zone}/${key}`;
  let found = formats.get(name);
  if (!found) {
    // 05/11 is another day in London than in New York: English names its months.
    found = language === 'ko'
      ? new Intl.DateTimeFormat('ko-KR', { timeZone: zone, ...options })
      : new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options, ...(options.month && { month: 'short' }) });
    formats.set(name, found);
  }
  return found;
}

const dateTime: Intl.DateTimeFormatOptions = {
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
};
const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false };
const precise: Intl.DateTimeFormatOptions = { ...clock, fractionalSecondDigits: 3 };
const short: Intl.DateTimeFormatOptions = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false };

/** Times as people read them, in the chosen zone and language. */
export function useTimes() {
  const [language, zone] = [languages.use(), zones.use()];
  const by = (options: Intl.DateTimeFormatOptions, key: string) => (at: string | number | Date) =>
    format(language, zone, options, key).format(new Date(at));
  return { full: by(dateTime, 'full'), clock: by(clock, 'clock'), precise: by(precise, 'precise'), short: by(short, 'short'), zone };
}

/** How far the clocks of a zone are ahead; neither of them has a summer time. */
const aheadHours: Record<Zone, number> = { 'Asia/Seoul': 9, UTC: 0 };

/** When a day ("2026-11-25"), or one so many days later, begins in a zone; undefined when it is no day. */
export function startOfDay(day: string, zone: Zone, later = 0): string | undefined {
  const at = Date.parse(`${day}T00:00:00Z`) + later * 86_400_000 - aheadHours[zone] * 3_600_000;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** "850 ms", "3.2 s", "4 min 10 s", "2 h 5 min", "3 d 4 h". */
export function duration(ms: number, { units: u }: Text): string {
  const of = (n: number | string, unit: string) => `${n}${u.gap}${unit}`;
  if (ms < 1000) {
    return `${Math.round(ms)} ${u.ms}`;
  }
  const seconds = ms / 1000;
  if (seconds < 60) {
    return of(seconds < 10 && seconds % 1 !== 0 ? seconds.toFixed(1) : Math.round(seconds), u.s);
  }
  const pair = (large: number, largeUnit: string, small: number, smallUnit: string) =>
    small === 0 ? of(large, largeUnit) : `${of(large, largeUnit)} ${of(small, smallUnit)}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return pair(minutes, u.min, Math.floor(seconds % 60), u.s);
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? pair(hours, u.h, minutes % 60, u.min) : pair(Math.floor(hours / 24), u.d, hours % 24, u.h);
}

/** "3 min ago", "in 20 s". */
export function useRelative(): (at: string, now: number) => string {
  const text = useText();
  return (at, now) => {
    const difference = new Date(at).getTime() - now;
    if (Math.abs(difference) < 1000) {
      return text.common.now;
    }
    const time = duration(Math.floor(Math.abs(difference) / 1000) * 1000, text);
    return difference > 0 ? text.common.in(time) : text.common.ago(time);
  };
}

/** The trace id of a W3C traceparent. */
export const traceIdOf = (traceparent: string | null | undefined): string | undefined => traceparent?.split('-')[1];
