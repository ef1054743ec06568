import { expect, test } from 'vitest';
import type { Answer } from '../../api/query.ts';
import { featuresOf, perVisitor, readChosen, sorted, toggled, writeChosen } from './questions.ts';

const row = (name: string, metrics: number[], change: (number | null)[]) => ({
  dimensions: [name],
  metrics,
  comparison: { dimensions: [name], metrics: [1, 2, 3], change },
});

const ANSWER: Answer = {
  results: [row('pageview', [90, 400, 100], [1, 1, 1]), row('search', [20, 50, 22.2], [null, 25, 0]), row('export', [30, 30, 33.3], [5, -4, 0])],
  meta: {},
  query: {},
};

test('features are all events but page views, with what they were before', () => {
  const [search, exported] = featuresOf(ANSWER);
  expect(search).toEqual({
    name: 'search',
    visitors: 20,
    events: 50,
    adoption: 22.2,
    then: { visitors: 1, events: 2, conversion_rate: 3 },
    moved: { visitors: null, events: 25, conversion_rate: 0 },
  });
  expect([search, exported].map((one) => perVisitor(one!))).toEqual([2.5, 1]);
  expect(perVisitor({ events: 3, visitors: 0 })).toBe(0);
});

test('they are sorted by any column; what has no change stands last', () => {
  const features = featuresOf(ANSWER);
  const names = (by: Parameters<typeof sorted>[1]) => sorted(features, by, 'visitors').map(({ name }) => name);
  expect([names('name'), names('events'), names('adoption'), names('change')]).toEqual([
    ['export', 'search'],
    ['search', 'export'],
    ['export', 'search'],
    ['export', 'search'],
  ]);
});

test('chosen names survive the address, whatever is in them', () => {
  const names = ['sign,up', '100 %', 'a b'];
  expect(readChosen(writeChosen(names))).toEqual(names);
  expect([readChosen(undefined), readChosen('%'), readChosen('a,b,c,d,e,f')]).toEqual([[], [], ['a', 'b', 'c', 'd', 'e']]);
});

test('no more than five are compared', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];
  expect([toggled(five, 'f'), toggled(five, 'b'), toggled(['a'], 'b')]).toEqual([five, ['a', 'c', 'd', 'e'], ['a', 'b']]);
});
