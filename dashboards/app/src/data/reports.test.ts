import { expect, test } from 'vitest';
import { PANELS } from './panels.ts';
import { listOf, listQuery, totalsOf } from './reports.ts';

const features = PANELS.find(({ id }) => id === 'features')!;
const tab = features.tabs[0];
const answer = (...rows: [string, number, number][]) => ({
  results: rows.map(([value, ...metrics]) => ({ dimensions: [value], metrics })),
  meta: {},
});

test('features are asked for by use, with spare rows for page views and for "more"', () => {
  expect(listQuery('demo', ['2026-11-01', '2026-11-21'], features, tab, 8)).toEqual({
    site_id: 'demo',
    metrics: ['events', 'visitors'],
    date_range: ['2026-11-01', '2026-11-21'],
    dimensions: ['event:name'],
    order_by: [['events', 'desc']],
    pagination: { limit: 10 },
  });
});

test('page views are no feature, and the list knows whether it is cut', () => {
  const rows = answer(['pageview', 90, 30], ['signup', 7, 5], ['search', 3, 2]);
  const signup = { value: 'signup', numbers: [7, 5] };
  const search = { value: 'search', numbers: [3, 2] };
  expect(listOf(rows, tab, 2)).toEqual({ rows: [signup, search], more: false });
  expect(listOf(rows, tab, 1)).toEqual({ rows: [signup], more: true });
});

test('no row of totals is a row of zeros', () => {
  expect(totalsOf({ results: [], meta: {} })).toEqual({ visitors: 0, pageviews: 0, events: 0 });
});
