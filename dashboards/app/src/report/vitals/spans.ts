/** How a period is cut for the curves of vitals. Knows no network. */
import type { DatePair } from '../../api/query.ts';
import { dayCount } from '../../state/range.ts';

/** The most points of a curve by days or weeks. */
export const MOST = 92;

export type Interval = 'day' | 'week' | 'month';

/** The smallest interval that makes few enough points; none for a single day. */
export function intervalOf(days: DatePair): Interval | undefined {
  const count = dayCount(days);
  if (count <= 1) return undefined;
  if (count <= MOST) return 'day';
  return count <= (MOST - 1) * 7 ? 'week' : 'month';
}
