import { afterEach, expect, test } from 'vitest';
import { language } from '../text/catalogue.ts';
import { span, tick, title } from './date.ts';

afterEach(() => void (language.value = 'en'));

test('buckets are written in the reader’s locale and never shifted by a zone', () => {
  language.value = 'de';
  expect(tick('hour', '2026-11-21 13:00:00')).toBe('13:00');
  language.value = 'en';
  expect(tick('day', '2026-11-21')).toBe('Nov 21');
  expect(tick('month', '2026-11-01')).toBe('Nov 2026');
  expect(title('day', '2026-11-21')).toBe('Sat, Nov 21, 2026');
  expect(title('week', '2026-11-16')).toBe('Week of Nov 16, 2026');
  expect(title('month', '2026-11-01')).toBe('November 2026');
});

test('labels that are no dates are shown as they are', () => {
  expect([tick('day', 'soon'), title('day', 'soon')]).toEqual(['soon', 'soon']);
});

test('a span names what differs', () => {
  expect(span(['2026-11-01', '2026-11-21']).replaceAll('\u2009', ' ')).toBe('Nov 1 – 21, 2026');
  expect(span(['2026-11-21', '2026-11-21'])).toBe('Nov 21, 2026');
});

test('a span leaves out the year of the one beside it', () => {
  const said = (...days: Parameters<typeof span>) => span(...days).replaceAll('\u2009', ' ');
  expect(said(['2026-11-01', '2026-11-07'], ['2026-11-08', '2026-11-14'])).toBe('Nov 1 – 7');
  expect(said(['2025-11-01', '2025-11-07'], ['2026-11-08', '2026-11-14'])).toBe('Nov 1 – 7, 2025');
  expect(said(['2025-12-30', '2026-01-02'], ['2026-01-03', '2026-01-06'])).toBe('Dec 30, 2025 – Jan 2, 2026');
});
