import { expect, test } from 'vitest';
import { countedOf, movedTo } from './steps.ts';

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
