/** One dimension's values over time, many at once: the question, and its answer as columns that stand side by side. */
import type { Answer, DatePair, Measure, Question } from '../api/query.ts';
import type { Bucket } from '../state/range.ts';

/** What is asked. */
export interface SeriesOf {
  site: string;
  range: string | DatePair;
  bucket: Bucket;
  dimension: string;
  measures: Measure[];
}

/** The most rows the server gives at once: days times values. */
const MOST = 10_000;

/** Values are kept by the day: hours of a value cannot be asked. */
export const seriesBucket = (bucket: Bucket): Bucket => (bucket === 'hour' ? 'day' : bucket);

export const seriesQuestion = ({ site, range, bucket, dimension, measures }: SeriesOf): Question => ({
  site_id: site,
  metrics: measures,
  date_range: range,
  dimensions: [`time:${seriesBucket(bucket)}`, dimension],
  include: { time_labels: true },
  pagination: { limit: MOST },
});

export interface Series {
  bucket: Bucket;
  /** Every bucket, also those in which nothing was counted. */
  labels: string[];
  /** The numbers of a value by bucket; zeros where it was not counted. */
  of(value: string, measure: Measure): number[];
}

export function seriesOf(answer: Answer): Series {
  const labels = answer.meta.time_labels ?? [...new Set(answer.results.map(({ dimensions }) => dimensions[0] ?? ''))];
  const at = new Map(labels.map((label, i) => [label, i]));
  const measures = answer.query['metrics'] as Measure[];
  const [by = ''] = answer.query['dimensions'] as string[];
  const lines = new Map<string, number[][]>();
  for (const { dimensions: [label = '', value = ''], metrics } of answer.results) {
    const place = at.get(label);
    if (place === undefined) continue;
    const columns = lines.get(value) ?? measures.map(() => labels.map(() => 0));
    lines.set(value, columns);
    metrics.forEach((number, i) => void (columns[i]![place] = number));
  }
  const nothing = labels.map(() => 0);
  return {
    bucket: by.slice('time:'.length) as Bucket,
    labels,
    of: (value, measure) => lines.get(value)?.[measures.indexOf(measure)] ?? nothing,
  };
}
