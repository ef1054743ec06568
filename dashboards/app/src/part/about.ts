/** What the numbers are of, in words: for the printed page and for pictures. */
import { span } from '../format/date.ts';
import { nameFor } from '../format/names.ts';
import { customDays } from '../state/range.ts';
import * as store from '../state/store.ts';
import { dimensionName, t, w } from '../text/words.ts';

/** The days, and those they are compared with. */
export function periodText(): string {
  const { compare } = store.view.value;
  const dates = customDays(compare);
  const against = dates ? t().versus(span(dates)) : compare === 'previous_period' || compare === 'year_over_year' ? t().shortComparisons[compare] : '';
  return [span(store.days.value), against].filter(Boolean).join(', ');
}

/** The filter in force as a sentence, or nothing. */
export function filterText(): string {
  const now = store.filter.value;
  if (!now) return '';
  const values = now.values.map((value) => nameFor(now.dimension, value).text).join(` ${w().or} `);
  return `${dimensionName(now.dimension)} ${w().operators[now.operator]} ${values}`;
}
