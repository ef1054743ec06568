/** Goals with their numbers: what was defined joined with what was counted. No network, no state. */
import type { Answer } from '../../api/query.ts';
import type { Goal } from '../../api/schema.ts';

export interface Counted {
  name: string;
  /** Absent when the goal was removed and has old counts only. */
  goal: Goal | undefined;
  visitors: number;
  events: number;
  /** Percent of the visitors. */
  rate: number;
  /** Of the visitors; percent, null where there were none before, undefined where nothing is compared. */
  moved: number | null | undefined;
  then: number | undefined;
}

export const METRICS = ['visitors', 'events', 'conversion_rate'] as const;

/** By visitors, falling; goals that nobody reached are there too. */
export function countedOf(defined: readonly Goal[], answer: Answer): Counted[] {
  const rows = new Map(answer.results.map((row) => [row.dimensions[0] ?? '', row]));
  const names = [...new Set([...rows.keys(), ...defined.map(({ name }) => name)])].filter((name) => !name.startsWith('('));
  return names
    .map((name): Counted => {
      const { metrics: [visitors = 0, events = 0, rate = 0] = [], comparison } = rows.get(name) ?? {};
      const goal = defined.find((one) => one.name === name);
      return { name, goal, visitors, events, rate, moved: comparison?.change[0], then: comparison?.metrics[0] };
    })
    .toSorted((a, b) => b.visitors - a.visitors || a.name.localeCompare(b.name));
}

export type Kind = 'page' | 'event' | 'property';

/** What the editor holds. */
export interface Draft {
  kind: Kind;
  name: string;
  page: string;
  event: string;
  key: string;
  value: string;
}

/** The document that defines it. */
export function goalOf({ kind, name, page, event, key, value }: Draft): Goal {
  if (kind === 'page') return { name: name.trim(), page: page.trim() };
  const plain = { name: name.trim(), event: event.trim() };
  return kind === 'event' ? plain : { ...plain, property: `${key.trim()}=${value.trim()}` };
}
