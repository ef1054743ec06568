/**
 * Says what a table leaves out: groups of too few visitors, and those that were folded so that nobody subtracts down to them.
 * Where there is a whole, it is what the rows leave of it, and so holds visitors without a value, too. One visitor may be in
 * several groups: the number is never more than a bound.
 */
import type { Meta } from '../api/query.ts';
import { t, w } from '../text/words.ts';

export function FoldedNote({ meta, k }: { meta: Meta; k?: number | undefined }) {
  const visitors = meta.suppressed?.visitors ?? 0;
  if (visitors === 0) return null;
  const where = k ? t().smallerThan(k) : t().tooSmall;
  const say = meta.other ? t().foldedRest : t().folded;
  return <p class="note">{say(w().visitors(visitors), where)}</p>;
}
