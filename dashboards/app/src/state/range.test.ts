import { expect, test } from 'vitest';
import { before, bucketOf, bucketsOf, customDays, dateIn, dayCount, daysOf, includes, parseRange, PRESETS, shift, toApi } from './range.ts';

const TODAY = '2026-03-01';

test('every preset means whole days up to today', () => {
  expect(Object.fromEntries(PRESETS.map(({ id }) => [id, daysOf(id, TODAY)]))).toEqual({
    day: ['2026-03-01', '2026-03-01'],
    yesterday: ['2026-02-28', '2026-02-28'],
    '7d': ['2026-02-23', '2026-03-01'],
    '28d': ['2026-02-02', '2026-03-01'],
    '30d': ['2026-01-31', '2026-03-01'],
    '91d': ['2025-12-01', '2026-03-01'],
    month: ['2026-03-01', '2026-03-01'],
    year: ['2026-01-01', '2026-03-01'],
    '6mo': ['2025-10-01', '2026-03-01'],
    '12mo': ['2025-04-01', '2026-03-01'],
    // Until the server has said when the first count was.
    all: ['2025-04-01', '2026-03-01'],
  });
});

test('leap days and the turn of the year', () => {
  expect(daysOf('yesterday', '2028-03-01')).toEqual(['2028-02-29', '2028-02-29']);
  expect(daysOf('12mo', '2026-12-31')).toEqual(['2026-01-01', '2026-12-31']);
  expect(dayCount(['2026-12-30', '2027-01-02'])).toBe(4);
});

test.each([
  ['2026-01-05..2026-01-09', ['2026-01-05', '2026-01-09']],
  ['2026-01-05..2026-01-05', ['2026-01-05', '2026-01-05']],
  ['2026-01-09..2026-01-05', undefined],
  ['2026-02-30..2026-03-01', undefined],
  ['2026-01-05..2026-01-06..2026-01-07', undefined],
  ['28d', undefined],
])('custom range %s', (range, days) => {
  expect(customDays(range)).toEqual(days);
  expect(parseRange(range)).toBe(days ? range : '28d');
});

test.each([[null], [''], ['forever'], ['-7d'], ['<script>']])('%j in the address is the default range', (text) => {
  expect(parseRange(text)).toBe('28d');
});

test('short ranges are drawn by the hour, long ones by the week or month', () => {
  const buckets = ['day', '7d', '91d', '12mo'].map((range) => bucketOf(daysOf(range, TODAY)));
  expect(buckets).toEqual(['hour', 'day', 'day', 'week']);
  expect(bucketOf(['2020-01-01', TODAY])).toBe('month');
});

test('today is the day of the site', () => {
  const instant = new Date('2026-11-21T23:30:00Z');
  expect(['UTC', 'Asia/Tokyo', 'America/Los_Angeles', 'Not/AZone'].map((zone) => dateIn(zone, instant))).toEqual([
    '2026-11-21',
    '2026-11-22',
    '2026-11-21',
    '2026-11-21',
  ]);
});

test('a range includes its ends', () => {
  const days: [string, string] = ['2026-01-05', '2026-01-09'];
  expect(['2026-01-04', '2026-01-05', '2026-01-09', '2026-01-10'].map((day) => includes(days, day))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('periods are shifted by their own length and never into the future', () => {
  expect(shift(['2026-02-16', '2026-02-22'], -1, TODAY)).toBe('2026-02-09..2026-02-15');
  expect(shift(['2026-02-16', '2026-02-22'], 1, TODAY)).toBe('2026-02-23..2026-03-01');
  expect(shift(['2026-02-20', '2026-02-26'], 1, TODAY)).toBe('2026-02-27..2026-03-01');
  expect(shift(['2026-02-23', '2026-03-01'], 1, TODAY)).toBeUndefined();
});

test('the API is asked by its own words where it has them', () => {
  expect(['28d', 'yesterday', '2026-01-05..2026-01-09'].map((range) => toApi(range, TODAY))).toEqual([
    '28d',
    ['2026-02-28', '2026-02-28'],
    ['2026-01-05', '2026-01-09'],
  ]);
});

test('filtered numbers are kept by the day and coarser', () => {
  expect([bucketOf([TODAY, TODAY]), bucketOf([TODAY, TODAY], true)]).toEqual(['hour', 'day']);
  expect(bucketsOf(daysOf('7d', TODAY), true)).toEqual(['day']);
  expect(bucketsOf(daysOf('91d', TODAY), false)).toEqual(['day', 'week', 'month']);
});

test('the days before are as many, across months and leap days', () => {
  expect(before(['2028-03-01', '2028-03-02'])).toEqual(['2028-02-28', '2028-02-29']);
  expect(before(['2026-11-05', '2026-11-05'])).toEqual(['2026-11-04', '2026-11-04']);
});
