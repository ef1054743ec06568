/** Numbers as people read them. */

const cache = new Map<string, Intl.NumberFormat>();

function format(locale: string, key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const found = cache.get(locale + key) ?? new Intl.NumberFormat(locale, options);
  cache.set(locale + key, found);
  return found;
}

/** Every digit: 1,234,567. */
export const exact = (value: number, locale: string): string => format(locale, 'exact', {}).format(value);

/** Every digit below ten thousand, then 12.3K, 1.2M. */
export function short(value: number, locale: string): string {
  if (Math.abs(value) < 10_000) return exact(value, locale);
  return format(locale, 'short', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A share of a whole: 0.4 %, 12 %; empty when there is no whole. */
export function percent(part: number, whole: number, locale: string): string {
  if (whole <= 0) return '';
  const share = Math.min(1, part / whole);
  const digits = share > 0 && share < 0.1 ? 1 : 0;
  return format(locale, `percent${digits}`, { style: 'percent', maximumFractionDigits: digits }).format(share);
}
