/** What the picture, the curve and the table say about each step. No network, no state. */
import type { FunnelAnswer, FunnelBefore, FunnelStep } from '../../api/schema.ts';
import type { Line } from '../../part/curve.ts';

export interface Counted extends FunnelStep {
  /** Visitors who took the step before and not this one. */
  lost: number;
  /** Percent of the widest bar. */
  width: number;
  /** The same step in the days compared with. */
  then: FunnelStep | undefined;
}

/** What can be compared: days before the funnel was defined were not counted. */
export const comparable = (then: FunnelBefore | undefined, since: string): FunnelBefore | undefined =>
  then && (then.date_range[0] ?? '') >= since ? then : undefined;

/** By how many percent a number moved; nothing where there was none. */
export const movedBy = (now: number, then: number | undefined): number | undefined => (then ? (100 * (now - then)) / then : undefined);

/** The conversion over time, and the faint line of the days compared with, by position. */
export function linesOf({ series = [] }: FunnelAnswer, then: FunnelBefore | undefined, names: { now: string; before: string }): Line[] {
  const rates = series.map(({ conversion_rate }) => conversion_rate);
  const now: Line = { name: names.now, values: rates, look: 'main' };
  if (!then?.series) return [now];
  const values = series.map((_, i) => then.series?.[i]?.conversion_rate ?? null);
  return [{ name: names.before, values, look: 'before' }, now];
}

export function countedOf(steps: readonly FunnelStep[], then?: readonly FunnelStep[]): Counted[] {
  const top = Math.max(1, ...steps.map(({ visitors }) => visitors));
  return steps.map((step, i) => {
    const before = steps[i - 1]?.visitors ?? step.visitors;
    return { ...step, lost: Math.max(0, before - step.visitors), width: (100 * step.visitors) / top, then: then?.[i] };
  });
}

/** The list with the item at `at` moved to `to`; unchanged when there is no such place. */
export function movedTo<T>(list: readonly T[], at: number, to: number): T[] {
  const [item] = list.slice(at, at + 1);
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  return list.toSpliced(at, 1).toSpliced(to, 0, item);
}
