/** A period cut into days, weeks or months: percentiles of several days cannot be added up, so each span is asked. */
import type { DatePair } from '../../api/query.ts';
import { addDays, dayCount, type Bucket } from '../../state/range.ts';

/** The most spans, each of which is one request. */
export const MOST = 31;

export interface Span {
  from: string;
  to: string;
}

/** The smallest bucket that makes few enough spans. */
export function spanBucket(days: DatePair): Bucket {
  const count = dayCount(days);
  if (count <= MOST) return 'day';
  return count <= (MOST - 1) * 7 ? 'week' : 'month';
}

/** The first day of the span after that of `day`. Weeks begin on Monday. */
function nextStart(day: string, bucket: Bucket): string {
  if (bucket === 'day') return addDays(day, 1);
  if (bucket === 'week') return addDays(day, 7 - ((new Date(day).getUTCDay() + 6) % 7));
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

/** In order of time; the first and the last may be cut by the period. At most the last `MOST`. */
export function spansOf([first, last]: DatePair): Span[] {
  const bucket = spanBucket([first, last]);
  const spans: Span[] = [];
  for (let from = first; from <= last; from = nextStart(from, bucket)) {
    const to = addDays(nextStart(from, bucket), -1);
    spans.push({ from, to: to < last ? to : last });
  }
  return spans.slice(-MOST);
}
