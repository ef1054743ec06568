/** Numbers as people read them, in the reader's locale. */
import type { Measure } from '../api/query.ts';
import { locale } from '../text/catalogue.ts';
import { plain } from '../text/plural.ts';
import { w } from '../text/words.ts';

export { plain };

const cache = new Map<string, Intl.NumberFormat>();

function format(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const found = cache.get(locale.value + key) ?? new Intl.NumberFormat(locale.value, options);
  cache.set(locale.value + key, found);
  return found;
}

/** Every digit below ten thousand, then 12.3K, 1.2M. */
export function short(value: number): string {
  if (Math.abs(value) < 10_000) return format('small', { maximumFractionDigits: 1 }).format(value);
  return format('short', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A share in percent: 0.4%, 12%. */
export function percent(value: number): string {
  const digits = Math.abs(value) > 0 && Math.abs(value) < 9.95 ? 1 : 0;
  return format(`percent${digits}`, { style: 'percent', maximumFractionDigits: digits }).format(value / 100);
}

/** A share of a whole: 0.4%, 12%; empty when there is no whole. */
export const share = (part: number, whole: number): string => (whole > 0 ? percent(Math.min(100, (100 * part) / whole)) : '');

/** A change in percent with its sign: +12%, −3.4%. */
export function change(value: number): string {
  const digits = Math.abs(value) < 9.95 ? 1 : 0;
  const options = { style: 'percent', maximumFractionDigits: digits, signDisplay: 'exceptZero' } as const;
  return format(`change${digits}`, options).format(value / 100);
}

/** Seconds as a length of time: 42s, 3m 07s, 1h 02m. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => format('two', { minimumIntegerDigits: 2 }).format(value);
  const { length } = w();
  if (whole < 60) return length.seconds(plain(whole));
  if (whole < 3_600) return length.minutes(plain(Math.floor(whole / 60)), two(whole % 60));
  return length.hours(plain(Math.floor(whole / 3_600)), two(Math.floor((whole % 3_600) / 60)));
}

/** An amount of money; without a currency, the number. */
export function money(value: number, currency: string | undefined): string {
  if (!currency) return format('amount', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
  return format(`money${currency}`, { style: 'currency', currency }).format(value);
}

const PERCENTS = new Set<Measure>(['bounce_rate', 'scroll_depth', 'conversion_rate', 'percentage']);
const SECONDS = new Set<Measure>(['visit_duration', 'time_on_page']);
const MONEY = new Set<Measure>(['total_revenue', 'average_revenue']);

/** A measure's value, short enough for a headline or a cell. */
export function measured(measure: Measure, value: number, currency?: string): string {
  if (PERCENTS.has(measure)) return percent(value);
  if (SECONDS.has(measure)) return duration(value);
  if (MONEY.has(measure)) return money(value, currency);
  return short(value);
}

/** The same beside an axis: amounts without the hundredths, and short. */
export function onAxis(measure: Measure, value: number, currency?: string): string {
  if (!MONEY.has(measure) || (value !== 0 && Math.abs(value) < 10)) return measured(measure, value, currency);
  const style = currency ? ({ style: 'currency', currency } as const) : {};
  return format(`axis${currency}`, { ...style, notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 }).format(value);
}

/** The same to the last digit, for titles and tables of one column. */
export function exactly(measure: Measure, value: number, currency?: string): string {
  if (PERCENTS.has(measure)) return format('percent2', { style: 'percent', maximumFractionDigits: 2 }).format(value / 100);
  return SECONDS.has(measure) || MONEY.has(measure) ? measured(measure, value, currency) : plain(value);
}

/** Whether less of it is better, for the colour of a change. */
export const lessIsBetter = (measure: Measure): boolean => measure === 'bounce_rate';
