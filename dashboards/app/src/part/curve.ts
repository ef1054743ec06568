/** Curves over time as aligned columns, for drawing and for the table. No network, no state. */
import type { Answer, Measure } from '../api/query.ts';
import type { Annotation } from '../api/schema.ts';
import type { Bucket } from '../state/range.ts';
import type { Sheet } from './download.ts';

export interface Line {
  name: string;
  /** Nothing where a comparison has fewer buckets. */
  values: readonly (number | null)[];
  /** `before` is the faint line of a comparison; numbers are colours of lines that stand beside each other. */
  look: 'main' | 'before' | 1 | 2 | 3 | 4 | 5 | 6;
}

export interface Curve {
  bucket: Bucket;
  measure: Measure;
  currency?: string | undefined;
  /** Of the API, in order of time. */
  labels: string[];
  /** Labels of the comparison, by position. */
  before?: string[] | undefined;
  lines: Line[];
  /** Whether the last bucket is still being counted. */
  open: boolean;
  notes: readonly Annotation[];
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** One measure of a query by time, which is the first of its metrics, with its comparison if there is one. */
export function curveOf(answer: Answer, about: Omit<Curve, 'labels' | 'lines' | 'before'>, names: { now: string; before: string }): Curve {
  // The hour that a zone repeats in autumn has one label twice: equal labels keep the server's order.
  const rows = answer.results.toSorted((a, b) => order(a.dimensions[0] ?? '', b.dimensions[0] ?? ''));
  const lines: Line[] = [{ name: names.now, values: rows.map(({ metrics }) => metrics[0] ?? 0), look: 'main' }];
  const compared = rows.some(({ comparison }) => comparison);
  if (compared) {
    // A comparison of fewer days has rows without a day at the end: the line stops there.
    const values = rows.map(({ comparison }) => (comparison?.dimensions[0] ? (comparison.metrics[0] ?? 0) : null));
    lines.unshift({ name: names.before, values, look: 'before' });
  }
  return {
    ...about,
    labels: rows.map(({ dimensions }) => dimensions[0] ?? ''),
    before: compared ? rows.map(({ comparison }) => comparison?.dimensions[0] ?? '') : undefined,
    lines,
    currency: answer.meta.revenue?.currency,
  };
}

/** One line as two that meet: what is final, and the dashed step into the bucket still being counted. */
export function splitOpen(values: Line['values'], open: boolean): [final: Line['values'], running: Line['values']] {
  if (!open || values.length < 2) return [values, values.map(() => null)];
  const last = values.length - 1;
  return [values.map((value, i) => (i < last ? value : null)), values.map((value, i) => (i >= last - 1 ? value : null))];
}

/** The notes of a bucket: those whose day is in it. */
export function notesOf({ labels, notes, bucket }: Curve, index: number): Annotation[] {
  const day = (label: string | undefined) => label?.slice(0, 10) ?? '9999';
  const [from, to] = [day(labels[index]), day(labels[index + 1])];
  if (bucket === 'hour') return notes.filter((note) => note.day === from && labels[index]?.slice(11, 13) === '00');
  return notes.filter((note) => from <= note.day && note.day < to);
}

/** A curve as rows; a comparison of fewer buckets leaves cells empty. */
export const sheetOf = (curve: Curve | undefined, bucket: string): Sheet => ({
  columns: [bucket, ...(curve?.lines.map(({ name }) => [name, curve.currency].filter(Boolean).join(' ')) ?? [])],
  rows: (curve?.labels ?? []).map((label, i) => [label, ...(curve?.lines.map(({ values }) => values[i] ?? '') ?? [])]),
});
