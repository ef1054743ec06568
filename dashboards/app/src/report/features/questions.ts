/** What the features report asks and how the answers are read. No network, no state. */
import type { Answer, DatePair, Measure, Question } from '../../api/query.ts';
import type { ApiFilter } from '../../api/query.ts';

/** The most features in one picture. */
export const MOST_COMPARED = 5;

/** What is drawn and what the change is of. */
export const DRAWN = ['visitors', 'events'] as const satisfies Measure[];

export interface Feature {
  name: string;
  visitors: number;
  events: number;
  /** Percent of the visitors. */
  adoption: number;
  /** In the days compared with, and the change in percent; by measure. */
  then: Partial<Record<Measure, number>>;
  moved: Partial<Record<Measure, number | null>>;
}

const METRICS: Measure[] = ['visitors', 'events', 'conversion_rate'];

interface Asking {
  site: string;
  range: string | DatePair;
  filters: ApiFilter[];
  comparison: string | DatePair | undefined;
}

export const featuresQuestion = ({ site, range, filters, comparison }: Asking): Question => ({
  site_id: site,
  metrics: METRICS,
  date_range: range,
  dimensions: ['event:name'],
  filters,
  ...(comparison && { include: { comparison } }),
  pagination: { limit: 1_000 },
});

/** Page views are no feature; names beyond the cap of a day are none that can be looked at. */
const isFeature = (name: string): boolean => !['pageview', '(more)', '(other)'].includes(name);

export function featuresOf(answer: Answer): Feature[] {
  const by = <T>(values: readonly T[] | undefined): Partial<Record<Measure, T>> =>
    Object.fromEntries((values ?? []).map((value, i) => [METRICS[i], value]));
  return answer.results
    .filter(({ dimensions: [name = ''] }) => isFeature(name))
    .map(({ dimensions: [name = ''], metrics: [visitors = 0, events = 0, adoption = 0], comparison }) => ({
      name,
      visitors,
      events,
      adoption,
      then: by(comparison?.metrics),
      moved: by(comparison?.change),
    }));
}

/** How often one visitor uses it. */
export const perVisitor = ({ events, visitors }: Pick<Feature, 'events' | 'visitors'>): number => (visitors > 0 ? events / visitors : 0);

/** Names in one parameter of the address. */
export const readChosen = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return '';
      }
    })
    .filter(Boolean)
    .slice(0, MOST_COMPARED);

export const writeChosen = (names: readonly string[]): string => names.map((name) => name.replaceAll(/[%,]/g, encodeURIComponent)).join(',');

/** With the name, or without it when it was there; never more than fit into the picture. */
export function toggled(chosen: readonly string[], name: string): string[] {
  if (chosen.includes(name)) return chosen.filter((one) => one !== name);
  return chosen.length < MOST_COMPARED ? [...chosen, name] : [...chosen];
}

export type SortBy = 'name' | 'events' | 'visitors' | 'adoption' | 'perVisitor' | 'change';

/** Falling, but names. A change from nothing stands last. */
export function sorted(features: readonly Feature[], by: SortBy, changeOf: Measure): Feature[] {
  const number = (one: Feature): number => {
    switch (by) {
      case 'perVisitor':
        return perVisitor(one);
      case 'change':
        return one.moved[changeOf] ?? -Infinity;
      default:
        return by === 'name' ? 0 : one[by];
    }
  };
  return features.toSorted((a, b) => {
    const [first, second] = [number(a), number(b)];
    return first === second ? a.name.localeCompare(b.name) : second > first ? 1 : -1;
  });
}
