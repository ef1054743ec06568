import { expect, test } from 'vitest';
import { seriesOf, splitOpen } from './series.ts';

const rows = [
  { dimensions: ['2026-11-21'], metrics: [3, 9] },
  { dimensions: ['2026-11-20'], metrics: [2, 4] },
];

test('rows become columns in order of time', () => {
  expect(seriesOf(rows, 'day', ['2026-11-20', '2026-11-21'], '2026-11-21')).toEqual({
    bucket: 'day',
    labels: ['2026-11-20', '2026-11-21'],
    visitors: [2, 3],
    pageviews: [4, 9],
    open: true,
  });
  expect(seriesOf(rows, 'day', ['2026-11-20', '2026-11-21'], '2026-11-25').open).toBe(false);
});

test('an hour that comes twice keeps its order', () => {
  const hours = [
    { dimensions: ['2026-10-25 02:00:00'], metrics: [1, 1] },
    { dimensions: ['2026-10-25 02:00:00'], metrics: [2, 2] },
    { dimensions: ['2026-10-25 03:00:00'], metrics: [3, 3] },
  ];
  expect(seriesOf(hours, 'hour', ['2026-10-25', '2026-10-25'], '2026-11-21').visitors).toEqual([1, 2, 3]);
});

test('the running bucket is a line of its own that starts at the last final one', () => {
  expect(splitOpen([1, 2, 3], true)).toEqual([
    [1, 2, null],
    [null, 2, 3],
  ]);
  expect(splitOpen([1, 2, 3], false)).toEqual([
    [1, 2, 3],
    [null, null, null],
  ]);
  expect(splitOpen([1], true)).toEqual([[1], [null]]);
});
