/** What follows from the answer: the headline numbers and the grid. No network, no state. */
import type { ActiveDay, ActiveSpan, Cohort, CohortWeek, RetentionAnswer } from '../../api/schema.ts';

export interface Headline {
  /** Average of a day, and of how many finished days; of 0 it is today so far. */
  daily: { active: number; days: number };
  week: ActiveSpan | undefined;
  month: ActiveSpan | undefined;
  /** Percent; undefined when nobody was active in the month. */
  stickiness: number | undefined;
}

const average = (days: readonly ActiveDay[]): number =>
  days.length > 0 ? days.reduce((sum, { active }) => sum + active, 0) / days.length : 0;

/** `today`: the day that is still being counted, in the site's zone. */
export function headlineOf({ daily, weekly, monthly }: RetentionAnswer, today: string): Headline {
  const finished = daily.filter(({ day }) => day < today);
  const counted = finished.length > 0 ? finished : daily;
  const month = monthly.at(-1);
  const within = counted.filter(({ day }) => day.slice(0, 7) === month?.from.slice(0, 7));
  return {
    daily: { active: average(counted), days: finished.length },
    week: weekly.at(-1),
    month,
    stickiness: month && month.active > 0 && within.length > 0 ? (100 * average(within)) / month.active : undefined,
  };
}

/** Whether anybody said anything in the range. */
export const isEmpty = ({ cohorts, daily, weekly, monthly }: RetentionAnswer): boolean =>
  cohorts.length === 0 && ![...daily, ...weekly, ...monthly].some(({ active }) => active > 0);

export interface GridRow extends Omit<Cohort, 'weeks'> {
  /** One per column; undefined: that week has not come yet. */
  cells: (CohortWeek | undefined)[];
}

/** The cohorts as rows of equal length. */
export function gridOf(cohorts: readonly Cohort[]): { columns: number[]; rows: GridRow[] } {
  const last = Math.max(-1, ...cohorts.flatMap(({ weeks }) => weeks.map(({ since }) => since)));
  const columns = Array.from({ length: last + 1 }, (_, since) => since);
  const rows = cohorts.map(({ weeks, ...cohort }) => ({
    ...cohort,
    cells: columns.map((since) => weeks.find((week) => week.since === since)),
  }));
  return { columns, rows };
}
