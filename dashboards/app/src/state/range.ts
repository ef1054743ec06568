/** Ranges of dates: what can be chosen, how it is written in the address, which days it means. Knows no clock. */
import type { DatePair } from '../api/query.ts';

/** The choices of the date menu, in its order, with their keys. Words of the API but `yesterday`. */
export const PRESETS = [
  { id: 'day', key: 'D' },
  { id: 'yesterday', key: 'E' },
  { id: '7d', key: 'W' },
  { id: '28d', key: 'F' },
  { id: '30d', key: '' },
  { id: '91d', key: 'Q' },
  { id: 'month', key: 'M' },
  { id: 'year', key: 'Y' },
  { id: '6mo', key: '' },
  { id: '12mo', key: 'L' },
  { id: 'all', key: 'A' },
] as const;
export type PresetId = (typeof PRESETS)[number]['id'];

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

export const isPreset = (text: string): text is PresetId => PRESETS.some(({ id }) => id === text);

/** The same text when it is a range, else the default. */
export function parseRange(text: string | null): Range {
  if (!text) return DEFAULT_RANGE;
  return isPreset(text) || customDays(text) ? text : DEFAULT_RANGE;
}

export const rangeOf = ([from, to]: DatePair): Range => `${from}..${to}`;

/** The two dates of a custom range, or nothing when `range` is a preset or nonsense. */
export function customDays(range: Range): DatePair | undefined {
  const [from = '', to = '', rest] = range.split('..');
  return rest === undefined && isDate(from) && isDate(to) && from <= to ? [from, to] : undefined;
}

/** The days a range means on the day `today` (an ISO date in the site's zone); of `all`, those the server said. */
export function daysOf(range: Range, today: string, all?: DatePair): DatePair {
  switch (range) {
    case 'day':
      return [today, today];
    case 'yesterday':
      return [addDays(today, -1), addDays(today, -1)];
    case 'month':
      return [firstOfMonth(today, 0), today];
    case '6mo':
      return [firstOfMonth(today, 5), today];
    case '12mo':
      return [firstOfMonth(today, 11), today];
    case 'year':
      return [`${today.slice(0, 4)}-01-01`, today];
    case 'all':
      return all ?? [firstOfMonth(today, 11), today];
    default:
      return customDays(range) ?? [addDays(today, 1 - Number.parseInt(range, 10)), today];
  }
}

/** The first of the month `back` months earlier. */
function firstOfMonth(today: string, back: number): string {
  const [year = 0, month = 1] = today.split('-').map(Number);
  return toIso(Date.UTC(year, month - 1 - back, 1));
}

/** What the API takes for a range: a word, or dates where it has no word for it. */
export const toApi = (range: Range, today: string): string | DatePair =>
  isPreset(range) && range !== 'yesterday' ? range : daysOf(range, today);

/** The range of the same length that follows (`1`) or precedes (`-1`); nothing when it would lie in the future. */
export function shift(days: DatePair, direction: 1 | -1, today: string): Range | undefined {
  const step = dayCount(days) * direction;
  const [from, to] = [addDays(days[0], step), addDays(days[1], step)];
  if (from > today) return undefined;
  return rangeOf([from, to > today ? today : to]);
}

/** The days of the same number just before. */
export function before(days: DatePair): DatePair {
  const step = -dayCount(days);
  return [addDays(days[0], step), addDays(days[1], step)];
}

export const includes = ([from, to]: DatePair, day: string): boolean => from <= day && day <= to;

/** The bucket that draws a readable curve. Filtered numbers are kept by the day and coarser. */
export function bucketOf(days: DatePair, filtered = false): Bucket {
  const count = dayCount(days);
  if (count <= 2 && !filtered) return 'hour';
  if (count <= 92) return 'day';
  return count <= 370 ? 'week' : 'month';
}

/** The buckets that can be chosen for a range. */
export function bucketsOf(days: DatePair, filtered: boolean): Bucket[] {
  const count = dayCount(days);
  const fits: Record<Bucket, boolean> = {
    hour: !filtered && count <= 14,
    day: count > 1 && count <= 400,
    week: count > 13,
    month: count > 59,
  };
  return (Object.keys(fits) as Bucket[]).filter((bucket) => fits[bucket]);
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
