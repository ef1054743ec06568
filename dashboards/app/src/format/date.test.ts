import { expect, test } from 'vitest';
import { span, tick, title } from './date.ts';

test('buckets are written in the reader’s locale and never shifted by a zone', () => {
  expect(tick('hour', '2026-11-21 13:00:00', 'de')).toBe('13:00');
  expect(tick('day', '2026-11-21', 'en')).toBe('Nov 21');
  expect(tick('month', '2026-11-01', 'en')).toBe('Nov 2026');
  expect(title('day', '2026-11-21', 'en-GB')).toBe('Sat, 21 Nov 2026');
  expect(title('week', '2026-11-16', 'en')).toBe('Week of Nov 16, 2026');
  expect(title('month', '2026-11-01', 'en')).toBe('November 2026');
});

test('labels that are no dates are shown as they are', () => {
  expect([tick('day', 'soon', 'en'), title('day', 'soon', 'en')]).toEqual(['soon', 'soon']);
});

test('a span names what differs', () => {
  expect(span(['2026-11-01', '2026-11-21'], 'en').replaceAll('\u2009', ' ')).toBe('Nov 1 – 21, 2026');
  expect(span(['2026-11-21', '2026-11-21'], 'en')).toBe('Nov 21, 2026');
});
