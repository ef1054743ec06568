/** Retention without identifiers: the browser remembers the week it first came and the day it last said so. */

/** What the first page view of a day carries. Weeks are named by their Monday; days are those of UTC. */
export interface Cohort {
  first_week: string;
  first_this_week: boolean;
  first_this_month: boolean;
}

const KEY = 'headcount_cohort';
const DAY = 86_400_000;

const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
/** 1 January 1970 was a Thursday. */
const weekOf = (time: number): string => dateOf(time - ((Math.floor(time / DAY) + 3) % 7) * DAY);

/**
 * The field of today's first page view. Nothing on later ones, and nothing where the visitor does not want to be
 * tracked: what was remembered is forgotten then.
 */
export const cohortOf = (now: number): Cohort | undefined => {
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
  if (doNotTrack === '1' || globalPrivacyControl) return void localStorage.removeItem(KEY);

  const [today, week] = [dateOf(now), weekOf(now)];
  const [first_week = week, last = ''] = localStorage.getItem(KEY)?.split(' ') ?? [];
  if (last === today) return undefined;
  localStorage.setItem(KEY, `${first_week} ${today}`);
  // Dates in this form sort as texts, and a month before each of its days.
  return { first_week, first_this_week: last < week, first_this_month: last < today.slice(0, 7) };
};
