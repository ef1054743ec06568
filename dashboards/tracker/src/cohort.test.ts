import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cohortOf } from './cohort.ts';
import { cohort } from './cohorts.ts';

const at = (day: string) => cohortOf(Date.parse(`${day}T12:00:00Z`));
let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  vi.stubGlobal('navigator', {});
});
afterEach(() => vi.unstubAllGlobals());

test('one field a day: first of the week, first of the month, the week that never changes', () => {
  const days = ['2026-11-21', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-30', '2026-12-01', '2027-12-01'];
  const told = days.map((day) => {
    const { first_week, first_this_week, first_this_month } = at(day) ?? {};
    return [day, first_week, first_this_week, first_this_month];
  });
  expect(told).toEqual([
    ['2026-11-21', '2026-11-16', true, true],
    ['2026-11-21', undefined, undefined, undefined],
    ['2026-11-22', '2026-11-16', false, false],
    ['2026-11-23', '2026-11-16', true, false],
    ['2026-11-30', '2026-11-16', true, false],
    ['2026-12-01', '2026-11-16', false, true],
    ['2027-12-01', '2026-11-16', true, true],
  ]);
  expect([...kept]).toEqual([['headcount_cohort', '2026-11-16 2027-12-01']]);
});

test.each([
  ['2026-11-15', '2026-11-09'],
  ['2026-11-16', '2026-11-16'],
  ['2026-11-22', '2026-11-16'],
  ['2024-02-29', '2024-02-26'],
  ['1970-01-01', '1969-12-29'],
])('the week of %s begins on Monday, %s', (day, monday) => {
  expect(at(day)?.first_week).toBe(monday);
});

test.each([{ doNotTrack: '1' }, { globalPrivacyControl: true }])('%j: nothing is said, and what was kept goes', (wish) => {
  at('2026-11-21');
  vi.stubGlobal('navigator', wish);
  expect(at('2026-11-23')).toBeUndefined();
  expect(kept.size).toBe(0);
});

test('where nothing can be kept, the field is left out of the body', () => {
  vi.stubGlobal('localStorage', undefined);
  expect(JSON.stringify({ name: 'pageview', cohort })).toBe('{"name":"pageview"}');
});
