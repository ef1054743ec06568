import { expect, test } from 'vitest';
import type { Answer } from '../api/query.ts';
import { seriesOf, seriesQuestion } from './series.ts';

const ANSWER: Answer = {
  results: [
    { dimensions: ['2026-11-20', 'signup'], metrics: [3, 4] },
    { dimensions: ['2026-11-22', 'search'], metrics: [7, 9] },
  ],
  meta: { time_labels: ['2026-11-20', '2026-11-21', '2026-11-22'] },
  query: { metrics: ['visitors', 'events'], dimensions: ['time:day', 'event:name'] },
};

test('values are columns over every bucket, zeros included', () => {
  const { bucket, labels, of } = seriesOf(ANSWER);
  expect([bucket, labels.length]).toEqual(['day', 3]);
  expect([of('signup', 'events'), of('search', 'visitors'), of('nobody', 'events')]).toEqual([[4, 0, 0], [0, 0, 7], [0, 0, 0]]);
});

test('hours of values are not kept: they are asked by the day', () => {
  const about = { site: 'demo', range: 'day', dimension: 'event:name', measures: ['events' as const] };
  expect(seriesQuestion({ ...about, bucket: 'hour' }).dimensions).toEqual(['time:day', 'event:name']);
  expect(seriesQuestion({ ...about, bucket: 'week' }).dimensions).toEqual(['time:week', 'event:name']);
});
