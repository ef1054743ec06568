import { expect, test } from 'vitest';
import { withGaps } from './Histogram.tsx';
import { reportsOf, sortedPages } from './worst.ts';
import { ratingOf, vitalValue } from './rating.ts';
import { intervalOf } from './spans.ts';

test('a vital is judged by the thresholds of web.dev, the threshold itself included', () => {
  expect([ratingOf('LCP', 2_500), ratingOf('LCP', 2_501), ratingOf('LCP', 4_001)]).toEqual(['good', 'fair', 'poor']);
  expect([ratingOf('CLS', 0.1), ratingOf('CLS', 0.25), ratingOf('CLS', 0.3)]).toEqual(['good', 'fair', 'poor']);
});

test('times are short, shifts have no unit', () => {
  expect([vitalValue('LCP', 2_351), vitalValue('INP', 165), vitalValue('CLS', 0.071)]).toEqual(['2.35s', '165ms', '0.071']);
});

test('empty buckets between others are seen as gaps', () => {
  const bucket = (from: number, to: number) => ({ from, to, samples: 1 });
  const [zero, a, b, c] = [bucket(0, 0), bucket(1_024, 1_217.75), bucket(1_217.75, 1_448.15), bucket(2_048, 2_435.5)];
  expect(withGaps([zero, a, b, c])).toEqual([zero, a, b, undefined, undefined, c]);
});

test('a period is cut into days, weeks or months, so that there are few enough points', () => {
  const of = (from: string, to: string) => intervalOf([from, to]);
  expect([of('2026-11-22', '2026-11-22'), of('2026-11-21', '2026-11-22'), of('2026-08-23', '2026-11-22')]).toEqual([undefined, 'day', 'day']);
  expect([of('2026-08-22', '2026-11-22'), of('2025-03-01', '2026-11-22'), of('2025-01-01', '2026-11-22')]).toEqual(['week', 'week', 'month']);
});

test('the worst page comes first, pages without the vital last', () => {
  const row = (name: string, p75: number, samples: number) => ({ name, samples, p50: 0, p75, p95: 0, good: 0, needs_improvement: 0, poor: 0 });
  const pages = [
    { page: '/', vitals: [row('LCP', 1_200, 90), row('INP', 80, 91)] },
    { page: '/inp', vitals: [row('INP', 900, 50)] },
    { page: '/slow', vitals: [row('LCP', 4_800, 20)] },
  ];
  const order = (by: 'LCP' | 'INP' | undefined) => sortedPages(pages, by).map(({ page }) => page);
  expect([order(undefined), order('LCP'), order('INP')]).toEqual([
    ['/', '/inp', '/slow'],
    ['/slow', '/', '/inp'],
    ['/inp', '/', '/slow'],
  ]);
  expect(pages.map(reportsOf)).toEqual([91, 50, 20]);
});
