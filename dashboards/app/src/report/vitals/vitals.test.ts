import { expect, test } from 'vitest';
import { withGaps } from './Histogram.tsx';
import { ratingOf, vitalValue } from './rating.ts';
import { spanBucket, spansOf } from './spans.ts';

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

test('a period is cut into so many spans at most, weeks from Monday', () => {
  expect(spansOf(['2026-11-21', '2026-11-22'])).toEqual([
    { from: '2026-11-21', to: '2026-11-21' },
    { from: '2026-11-22', to: '2026-11-22' },
  ]);
  const weeks = spansOf(['2026-10-01', '2026-11-22']);
  expect([weeks.length, weeks[0], weeks[1], weeks.at(-1)]).toEqual([
    8,
    { from: '2026-10-01', to: '2026-10-04' },
    { from: '2026-10-05', to: '2026-10-11' },
    { from: '2026-11-16', to: '2026-11-22' },
  ]);
  const months = spansOf(['2025-11-15', '2026-11-22']);
  expect([spanBucket(['2025-11-15', '2026-11-22']), months[0], months.at(-1)]).toEqual([
    'month',
    { from: '2025-11-15', to: '2025-11-30' },
    { from: '2026-11-01', to: '2026-11-22' },
  ]);
});
