import { expect, test } from 'vitest';
import type { Answer } from '../../api/query.ts';
import { countedOf, goalOf } from './goals.ts';

test('goals nobody reached are listed, and so are counts of goals that were removed', () => {
  const answer: Answer = {
    results: [
      { dimensions: ['Old'], metrics: [3, 4, 1.5] },
      { dimensions: ['Signed up'], metrics: [9, 12, 4.5], comparison: { dimensions: ['Signed up'], metrics: [6, 6, 3], change: [50, 100, 50] } },
      { dimensions: ['(more)'], metrics: [1, 1, 1] },
    ],
    meta: {},
    query: {},
  };
  const signedUp = { name: 'Signed up', event: 'signup' };
  const bought = { name: 'Bought', page: '/thanks' };
  const nothing = { visitors: 0, events: 0, rate: 0, moved: undefined, then: undefined };
  expect(countedOf([bought, signedUp], answer)).toEqual([
    { name: 'Signed up', goal: signedUp, visitors: 9, events: 12, rate: 4.5, moved: 50, then: 6 },
    { name: 'Old', goal: undefined, visitors: 3, events: 4, rate: 1.5, moved: undefined, then: undefined },
    { name: 'Bought', goal: bought, ...nothing },
  ]);
});

test('a goal is a page, a feature, or a feature with a property', () => {
  const draft = { name: ' Signed up ', page: ' /thanks ', event: 'signup', key: 'plan', value: 'team' };
  expect((['page', 'event', 'property'] as const).map((kind) => goalOf({ kind, ...draft }))).toEqual([
    { name: 'Signed up', page: '/thanks' },
    { name: 'Signed up', event: 'signup' },
    { name: 'Signed up', event: 'signup', property: 'plan=team' },
  ]);
});
