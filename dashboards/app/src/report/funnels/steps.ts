/** What the picture and the table say about each step. No network, no state. */
import type { FunnelStep } from '../../api/schema.ts';

export interface Counted extends FunnelStep {
  /** Visitors who took the step before and not this one. */
  lost: number;
  /** Percent of the widest bar. */
  width: number;
}

export function countedOf(steps: readonly FunnelStep[]): Counted[] {
  const top = Math.max(1, ...steps.map(({ visitors }) => visitors));
  return steps.map((step, i) => {
    const before = steps[i - 1]?.visitors ?? step.visitors;
    return { ...step, lost: Math.max(0, before - step.visitors), width: (100 * step.visitors) / top };
  });
}

/** The list with the item at `at` moved to `to`; unchanged when there is no such place. */
export function movedTo<T>(list: readonly T[], at: number, to: number): T[] {
  const [item] = list.slice(at, at + 1);
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  return list.toSpliced(at, 1).toSpliced(to, 0, item);
}
