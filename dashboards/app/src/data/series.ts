/** The curve over time: from rows of the API to aligned columns for drawing and for the table. */
import type { DatePair, QueryRow } from '../api/types.ts';
import type { Bucket } from '../state/range.ts';
import { includes } from '../state/range.ts';

export interface Series {
  bucket: Bucket;
  labels: string[];
  visitors: number[];
  pageviews: number[];
  /** Whether the last bucket is still being counted. */
  open: boolean;
}

/** Columns from rows of `[visitors, pageviews]`, in order of time. */
export function seriesOf(rows: QueryRow[], bucket: Bucket, days: DatePair, today: string): Series {
  // The hour that a zone repeats in autumn has one label twice: equal labels keep the server's order.
  const sorted = rows.toSorted((a, b) => order(a.dimensions[0] ?? '', b.dimensions[0] ?? ''));
  return {
    bucket,
    labels: sorted.map((row) => row.dimensions[0] ?? ''),
    visitors: sorted.map((row) => row.metrics[0] ?? 0),
    pageviews: sorted.map((row) => row.metrics[1] ?? 0),
    open: includes(days, today),
  };
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** One measure as two lines that meet: what is final, and the dashed step into the bucket still being counted. */
export function splitOpen(values: number[], open: boolean): [final: (number | null)[], running: (number | null)[]] {
  if (!open || values.length < 2) return [values, values.map(() => null)];
  const last = values.length - 1;
  return [values.map((value, i) => (i < last ? value : null)), values.map((value, i) => (i >= last - 1 ? value : null))];
}
