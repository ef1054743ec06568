import { expect, test } from 'vitest';
import { isRest, isValue, restLast } from './table.ts';

test('what is left over stands last and is no value', () => {
  const row = (value: string) => ({ value, numbers: [1] });
  const rows = ['(other)', '/a', '(more)', '(direct)', '/b'].map(row);
  expect(restLast(rows).map(({ value }) => value)).toEqual(['/a', '(direct)', '/b', '(other)', '(more)']);
  expect(rows.filter(({ value }) => isRest(value) && isValue(value))).toEqual([]);
});
