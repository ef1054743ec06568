import { expect, test } from 'vitest';
import type { RetentionAnswer } from '../../api/schema.ts';
import { gridOf, headlineOf, isEmpty } from './numbers.ts';

const day = (day: string, active: number) => ({ day, active, new: active, returning: 0 });
const meta = { date_range: [], suppressed: { rows: 0, visitors: 0, events: 0 }, timezone: 'UTC', visitors: 'daily_sum' };
const answer: RetentionAnswer = {
  cohorts: [],
  daily: [day('2026-10-31', 90), day('2026-11-01', 30), day('2026-11-02', 60), day('2026-11-03', 1)],
  weekly: [{ from: '2026-10-26', active: 100 }, { from: '2026-11-02', active: 61 }],
  monthly: [{ from: '2026-10-01', active: 90 }, { from: '2026-11-01', active: 150 }],
  meta,
};

test('the average leaves today out, stickiness is of the days of the month', () => {
  expect(headlineOf(answer, '2026-11-03')).toEqual({
    daily: { active: 60, days: 3 },
    week: { from: '2026-11-02', active: 61 },
    month: { from: '2026-11-01', active: 150 },
    stickiness: 30,
  });
});

test('a day that is all there is counts as far as it is', () => {
  const one = { ...answer, daily: [day('2026-11-03', 12)] };
  expect(headlineOf(one, '2026-11-03').daily).toEqual({ active: 12, days: 0 });
  expect(headlineOf(one, '2026-11-04').daily).toEqual({ active: 12, days: 1 });
  expect(headlineOf({ ...one, monthly: [{ from: '2026-11-01', active: 0 }] }, '2026-11-03').stickiness).toBeUndefined();
});

test('nothing said is empty, one visitor is not', () => {
  const nothing = { ...answer, daily: [day('2026-11-03', 0)], weekly: [], monthly: [] };
  expect(isEmpty(nothing)).toBe(true);
  expect(isEmpty({ ...nothing, weekly: [{ from: '2026-11-02', active: 1 }] })).toBe(false);
});

test('rows are equally long: what has not come yet is undefined, what is not known stays null', () => {
  const week = (since: number, share: number | null) => ({ since, visitors: 5, share });
  const old = { week: '2026-11-02', visitors: 0, weeks: [week(0, null), week(1, null)] };
  const young = { week: '2026-11-09', visitors: 5, weeks: [week(0, 100)] };
  expect(gridOf([old, young])).toEqual({
    columns: [0, 1],
    rows: [
      { week: '2026-11-02', visitors: 0, cells: old.weeks },
      { week: '2026-11-09', visitors: 5, cells: [young.weeks[0], undefined] },
    ],
  });
  expect(gridOf([])).toEqual({ columns: [], rows: [] });
});
