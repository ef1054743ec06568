import { expect, test } from 'vitest';
import { exact, percent, short } from './number.ts';

test('numbers are exact until they are long', () => {
  expect([0, 999, 9_999, 10_000, 12_345, 1_234_567, 2_000_000_000].map((value) => short(value, 'en'))).toEqual([
    '0',
    '999',
    '9,999',
    '10K',
    '12.3K',
    '1.2M',
    '2B',
  ]);
  expect(exact(1_234_567, 'en')).toBe('1,234,567');
  expect(exact(1_234_567, 'de')).toBe('1.234.567');
});

test('small shares keep a digit, and no share passes the whole', () => {
  expect([percent(1, 250, 'en'), percent(1, 3, 'en'), percent(7, 5, 'en'), percent(1, 0, 'en'), percent(0, 9, 'en')]).toEqual([
    '0.4%',
    '33%',
    '100%',
    '',
    '0%',
  ]);
});
