/** Dates as people read them. Labels of the API are times of the site's zone and carry none: they are read as UTC. */
import type { DatePair } from '../api/query.ts';
import type { Bucket } from '../state/range.ts';
import { locale } from '../text/catalogue.ts';
import { w } from '../text/words.ts';

const cache = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale.value + JSON.stringify(options);
  const found = cache.get(key) ?? new Intl.DateTimeFormat(locale.value, { timeZone: 'UTC', ...options });
  cache.set(key, found);
  return found;
}

/** `2026-11-21` or `2026-11-21 13:00:00`. */
const instantOf = (label: string): Date => new Date(`${label.slice(0, 10)}T${label.slice(11) || '00:00:00'}Z`);

const HOUR: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };

const TICKS: Record<Bucket, Intl.DateTimeFormatOptions> = {
  hour: HOUR,
  day: DAY,
  week: DAY,
  month: { month: 'short', year: 'numeric' },
};

const TITLES: Record<Bucket, Intl.DateTimeFormatOptions> = {
  hour: { weekday: 'short', ...DAY, ...HOUR },
  day: { weekday: 'short', ...DAY, year: 'numeric' },
  week: { ...DAY, year: 'numeric' },
  month: { month: 'long', year: 'numeric' },
};

/** A bucket's short text, for the axis. */
export function tick(bucket: Bucket, label: string): string {
  const instant = instantOf(label);
  return Number.isNaN(instant.getTime()) ? label : format(TICKS[bucket]).format(instant);
}

/** A bucket's full text, for the tooltip and the table. */
export function title(bucket: Bucket, label: string): string {
  const instant = instantOf(label);
  if (Number.isNaN(instant.getTime())) return label;
  const text = format(TITLES[bucket]).format(instant);
  return bucket === 'week' ? w().weekOf(text) : text;
}

/** An instant in a zone: `21 Nov 2026, 13:05`. */
export const moment = (at: string, timeZone: string): string => format({ timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** The days of a range: `Nov 1 – 21, 2026`; without the year when it is that of `beside`, which stands next to it. */
export function span([from, to]: DatePair, beside?: DatePair): string {
  const known = beside && [from, to, ...beside].every((day) => day.slice(0, 4) === from.slice(0, 4));
  return format(known ? DAY : { ...DAY, year: 'numeric' }).formatRange(instantOf(from), instantOf(to));
}
