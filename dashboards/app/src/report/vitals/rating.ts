/** How good a vital is, by the thresholds of web.dev. Knows no network. */
import { locale } from '../../text/catalogue.ts';
import { w } from '../../text/words.ts';

export type Rating = 'good' | 'fair' | 'poor';

export const NAMES = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'] as const;
export type VitalName = (typeof NAMES)[number];

/** Up to the first it is good, above the second poor; milliseconds, CLS without a unit. https://web.dev/articles/vitals */
export const LIMITS: Record<VitalName, readonly [good: number, poor: number]> = {
  LCP: [2_500, 4_000],
  INP: [200, 500],
  CLS: [0.1, 0.25],
  FCP: [1_800, 3_000],
  TTFB: [800, 1_800],
};

export function ratingOf(name: VitalName, value: number): Rating {
  const [good, poor] = LIMITS[name];
  return value <= good ? 'good' : value <= poor ? 'fair' : 'poor';
}

/** 850ms, 2.35s; shifts as they are. */
export function vitalValue(name: VitalName, value: number): string {
  const number = (options: Intl.NumberFormatOptions, shown = value) => new Intl.NumberFormat(locale.value, options).format(shown);
  if (name === 'CLS') return number({ maximumFractionDigits: 3 });
  if (value < 1_000) return w().length.thousandths(number({ maximumFractionDigits: 0 }));
  return w().length.seconds(number({ maximumFractionDigits: 2 }, value / 1_000));
}
