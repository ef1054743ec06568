import { expect, test } from 'vitest';
import { comparable, countedOf, linesOf, movedBy, movedTo } from './steps.ts';

const step = (name: string, visitors: number) => ({ name, visitors, events: visitors, conversion_rate: 0, step_rate: 0 });

test('who is lost stood on the step before', () => {
  const counted = countedOf([step('a', 200), step('b', 50), step('c', 50)]);
  expect(counted.map(({ lost, width }) => [lost, width])).toEqual([[0, 100], [150, 25], [0, 25]]);
});

test('a late step may have more than the one before; nobody is lost then, and no bar sticks out', () => {
  const counted = countedOf([step('a', 0), step('b', 4)]);
  expect(counted.map(({ lost, width }) => [lost, width])).toEqual([[0, 0], [0, 100]]);
});

test('steps move within the list only', () => {
  expect(movedTo(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(movedTo(['a', 'b'], 0, 1)).toEqual(['b', 'a']);
  expect(movedTo(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  expect(movedTo(['', 'b'], 0, 1)).toEqual(['b', '']);
});

test('days before the funnel was defined are not compared with', () => {
  const then = { date_range: ['2026-10-05', '2026-10-11'], steps: [] };
  expect([comparable(then, '2026-10-05'), comparable(then, '2026-10-06'), comparable(undefined, '')]).toEqual([then, undefined, undefined]);
});

test('a number moved from nothing moved by nobody knows what', () => {
  expect([movedBy(12, 10), movedBy(5, 10), movedBy(5, 0), movedBy(5, undefined)]).toEqual([20, -50, undefined, undefined]);
});

test('the curve of the days compared with stands by position', () => {
  const span = (from: string, conversion_rate: number) => ({ from, conversion_rate, visitors: [] });
  const meta = { suppressed: { rows: 0, visitors: 0, events: 0 }, visitors: 'daily_sum', timezone: 'UTC', date_range: [] };
  const answer = { funnel: 'f1', name: 'Way', steps: [], meta, series: [span('2026-11-20', 8), span('2026-11-21', 10)] };
  const names = { now: 'Now', before: 'Before' };
  expect(linesOf(answer, undefined, names)).toEqual([{ name: 'Now', values: [8, 10], look: 'main' }]);
  const then = { date_range: [], steps: [], series: [span('2026-11-18', 5), span('2026-11-19', 7)] };
  expect(linesOf(answer, then, names)[0]).toEqual({ name: 'Before', values: [5, 7], look: 'before' });
  const fewer = { date_range: [], steps: [], series: [span('2026-11-19', 7)] };
  expect(linesOf(answer, fewer, names)[0]?.values).toEqual([7, null]);
});
