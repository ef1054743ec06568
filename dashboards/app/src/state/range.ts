/** Ranges of dates: what can be chosen, how it is written in the address, which days it means. Knows no clock. */
import type { DatePair } from '../api/types.ts';

/** The choices of the date menu, in its order. */
export const PRESETS = [
  { id: 'day', label: 'Today' },
  { id: 'yesterday', label: 'Yesterday' },
  { id: '7d', label: 'Last 7 days' },
  { id: '28d', label: 'Last 28 days' },
  { id: '91d', label: 'Last 91 days' },
  { id: 'month', label: 'Month to date' },
  { id: '12mo', label: 'Last 12 months' },
] as const;

/** A preset's id, or `FROM..TO` in ISO dates. */
export type Range = string;

export type Bucket = 'hour' | 'day' | 'week' | 'month';

export const DEFAULT_RANGE: Range = '28d';

const DAY_MS = 86_400_000;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

const isDate = (text: string): boolean => ISO_DATE.test(text) && toIso(Date.parse(text)) === text;

const toIso = (ms: number): string => (Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10));

/** The date `days` after (or, negative, before) an ISO date. */
export const addDays = (date: string, days: number): string => toIso(Date.parse(date) + days * DAY_MS);

/** Days from `from` to `to`, both counted. */
export const dayCount = ([from, to]: DatePair): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;

/** The same text when it is a range, else the default. */
export function parseRange(text: string | null): Range {
  if (!text) return DEFAULT_RANGE;
  if (PRESETS.some(({ id }) => id === text)) return text;
  const pair = customDays(text);
  return pair ? text : DEFAULT_RANGE;
}

/** The two dates of a custom range, or nothing when `range` is a preset or nonsense. */
export function customDays(range: Range): DatePair | undefined {
  const [from = '', to = '', rest] = range.split('..');
  return rest === undefined && isDate(from) && isDate(to) && from <= to ? [from, to] : undefined;
}

/** The days a range means on the day `today` (an ISO date in the site's zone). */
export function daysOf(range: Range, today: string): DatePair {
  switch (range) {
    case 'day':
      return [today, today];
    case 'yesterday':
      return [addDays(today, -1), addDays(today, -1)];
    case 'month':
      return [`${today.slice(0, 8)}01`, today];
    case '12mo':
      return [elevenMonthsBefore(today), today];
    default:
      return customDays(range) ?? [addDays(today, 1 - Number.parseInt(range, 10)), today];
  }
}

/** The first of the month eleven months earlier: with the running month, that makes twelve. */
function elevenMonthsBefore(today: string): string {
  const [year = 0, month = 1] = today.split('-').map(Number);
  return toIso(Date.UTC(year, month - 12, 1));
}

export const includes = ([from, to]: DatePair, day: string): boolean => from <= day && day <= to;

/** The bucket that draws a readable curve. */
export function bucketOf(days: DatePair): Bucket {
  const count = dayCount(days);
  if (count <= 2) return 'hour';
  if (count <= 92) return 'day';
  return count <= 370 ? 'week' : 'month';
}

/** The date in a zone at an instant; UTC when the zone is not known to this browser. */
export function dateIn(timezone: string, instant: Date): string {
  try {
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    }).formatToParts(instant);
    const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
    return `${part('year')}-${part('month')}-${part('day')}`;
  } catch {
    return instant.toISOString().slice(0, 10);
  }
}
