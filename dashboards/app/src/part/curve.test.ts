import { expect, test } from 'vitest';
import type { Answer } from '../api/query.ts';
import { curveOf, notesOf, splitOpen, type Curve } from './curve.ts';

const about = { bucket: 'day' as const, measure: 'visitors' as const, open: true, notes: [] };
const answerOf = (results: Answer['results']): Answer => ({ results, meta: {}, query: {} });

test('rows become columns in order of time', () => {
  const rows = [
    { dimensions: ['2026-11-02'], metrics: [4] },
    { dimensions: ['2026-11-01'], metrics: [3] },
  ];
  expect(curveOf(answerOf(rows), about, { now: 'Visitors', before: 'before' })).toEqual({
    ...about,
    currency: undefined,
    labels: ['2026-11-01', '2026-11-02'],
    before: undefined,
    lines: [{ name: 'Visitors', values: [3, 4], look: 'main' }],
  });
});

test('a comparison is a line of its own below the main one', () => {
  const comparison = { dimensions: ['2026-10-01'], metrics: [2], change: [50] };
  const curve = curveOf(answerOf([{ dimensions: ['2026-11-01'], metrics: [3], comparison }]), about, { now: 'now', before: 'then' });
  expect(curve.lines).toEqual([
    { name: 'then', values: [2], look: 'before' },
    { name: 'now', values: [3], look: 'main' },
  ]);
  expect(curve.before).toEqual(['2026-10-01']);
});

test('a comparison of fewer days ends where its days end', () => {
  const rows = [
    { dimensions: ['2026-11-01'], metrics: [3], comparison: { dimensions: ['2026-10-01'], metrics: [2], change: [50] } },
    { dimensions: ['2026-11-02'], metrics: [4], comparison: { dimensions: [''], metrics: [0], change: [null] } },
  ];
  expect(curveOf(answerOf(rows), about, { now: 'now', before: 'then' }).lines[0]?.values).toEqual([2, null]);
});

test('the bucket that is still counted is drawn on its own', () => {
  expect(splitOpen([1, 2, 3], true)).toEqual([
    [1, 2, null],
    [null, 2, 3],
  ]);
  expect(splitOpen([1, 2], false)).toEqual([
    [1, 2],
    [null, null],
  ]);
  expect(splitOpen([1], true)).toEqual([[1], [null]]);
});

test('a note stands on the bucket its day is in', () => {
  const notes = [{ id: '1', day: '2026-11-04', text: 'New design' }];
  const curve: Curve = { bucket: 'week', measure: 'visitors', open: false, notes, labels: ['2026-11-02', '2026-11-09'], lines: [] };
  expect([notesOf(curve, 0), notesOf(curve, 1)]).toEqual([notes, []]);
  const hours: Curve = { ...curve, bucket: 'hour', labels: ['2026-11-04 00:00:00', '2026-11-04 01:00:00'] };
  expect([notesOf(hours, 0), notesOf(hours, 1)]).toEqual([notes, []]);
});
