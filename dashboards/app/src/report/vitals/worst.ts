/** The order of pages by their vitals. Pure. */
import type { VitalPage } from '../../api/schema.ts';
import type { VitalName } from './rating.ts';

/** Page views that reported. */
export const reportsOf = ({ vitals }: VitalPage): number => Math.max(0, ...vitals.map(({ samples }) => samples));

/** As they came, most reports first; or by the p75 of a vital, worst first, pages without it last. */
export function sortedPages(pages: readonly VitalPage[], by: VitalName | undefined): readonly VitalPage[] {
  if (!by) return pages;
  const worth = ({ vitals }: VitalPage): number => vitals.find(({ name }) => name === by)?.p75 ?? -1;
  return [...pages].sort((a, b) => worth(b) - worth(a));
}
