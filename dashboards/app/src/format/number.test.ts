import { afterEach, expect, test } from 'vitest';
import { language } from '../text/catalogue.ts';
import { change, duration, exactly, measured, money, onAxis, percent, plain, share, short } from './number.ts';

afterEach(() => void (language.value = 'en'));

test('numbers are exact until they are long', () => {
  const values = [0, 2.5, 999, 9_999, 10_000, 12_345, 1_234_567, 2_000_000_000];
  expect(values.map(short)).toEqual(['0', '2.5', '999', '9,999', '10K', '12.3K', '1.2M', '2B']);
  expect(plain(1_234_567)).toBe('1,234,567');
  language.value = 'de';
  expect(plain(1_234_567)).toBe('1.234.567');
});

test('small shares keep a digit, and no share passes the whole', () => {
  expect([share(1, 250), share(1, 3), share(7, 5), share(1, 0), share(0, 9)]).toEqual(['0.4%', '33%', '100%', '', '0%']);
  expect([percent(33.99), percent(1.25)]).toEqual(['34%', '1.3%']);
});

test('changes have a sign', () => {
  expect([change(12.3), change(-1.11), change(0), change(1614.8)]).toEqual(['+12%', '-1.1%', '0%', '+1,615%']);
});

test('lengths of time are read at a glance', () => {
  expect([0, 34.8, 60, 187, 3_720].map(duration)).toEqual(['0s', '35s', '1m 00s', '3m 07s', '1h 02m']);
});

test('every measure has its unit', () => {
  expect([measured('visitors', 15_759), measured('bounce_rate', 33.99), measured('time_on_page', 34.82)]).toEqual(['15.8K', '34%', '35s']);
  expect([exactly('visitors', 15_759), exactly('bounce_rate', 33.99)]).toEqual(['15,759', '33.99%']);
  expect([money(12.5, 'EUR'), money(12.5, undefined)]).toEqual(['€12.50', '12.50']);
});

test('amounts beside an axis are short', () => {
  expect([0, 6_000, 12_500, 4_000_000].map((value) => onAxis('total_revenue', value, 'EUR'))).toEqual(['€0', '€6K', '€12.5K', '€4M']);
  expect([onAxis('total_revenue', 600, undefined), onAxis('visitors', 600), onAxis('bounce_rate', 40)]).toEqual(['600', '600', '40%']);
  language.value = 'de';
  expect(onAxis('total_revenue', 6_000, 'EUR')).toBe('6000\u00a0€');
});
