/** Says what a table leaves out: groups of too few visitors. */
import type { Meta } from '../api/query.ts';
import { t, w } from '../text/words.ts';

export function FoldedNote({ meta, k }: { meta: Meta; k?: number | undefined }) {
  const visitors = meta.suppressed?.visitors ?? 0;
  if (visitors === 0) return null;
  const people = meta.visitors === 'upper_bound' ? t().atMost(w().visitors(visitors)) : w().visitors(visitors);
  return <p class="note">{k ? t().foldedBelow(people, k) : t().folded(people)}</p>;
}
