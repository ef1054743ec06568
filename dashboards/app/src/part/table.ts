/** Lists of values as tables: the question behind them and the rows in its answer. No network, no state. */
import type { Answer, DatePair, Measure, Question } from '../api/query.ts';
import { toApi, type Filter } from '../state/filter.ts';

/** What a list is of. */
export interface ListOf {
  site: string;
  range: string | DatePair;
  dimension: string;
  measures: Measure[];
  filter?: Filter | undefined;
  limit: number;
  offset?: number;
  /** Measure and direction; the first measure, falling, unless said. */
  order?: [Measure, 'asc' | 'desc'] | undefined;
  totalRows?: boolean;
}

export interface Row {
  /** As the API names it. */
  value: string;
  numbers: number[];
}

export const listQuestion = (list: ListOf): Question => ({
  site_id: list.site,
  metrics: list.measures,
  date_range: list.range,
  dimensions: [list.dimension],
  filters: toApi(list.filter),
  order_by: [list.order ?? [list.measures[0] ?? 'visitors', 'desc']],
  ...(list.totalRows && { include: { total_rows: true } }),
  pagination: { limit: list.limit, ...(list.offset && { offset: list.offset }) },
});

export const rowsOf = (answer: Answer): Row[] =>
  answer.results.map(({ dimensions, metrics }) => ({ value: dimensions[0] ?? '', numbers: metrics }));

/** Whether a row is what is left over: groups too small, values too many. */
export const isRest = (value: string): boolean => value === '(other)' || value === '(more)';

/** What is left over stands last: it is no value among the others, however much it is. */
export const restLast = (rows: readonly Row[]): Row[] => [...rows.filter(({ value }) => !isRest(value)), ...rows.filter(({ value }) => isRest(value))];

/** Whether a row stands for one value that can be filtered by. */
export const isValue = (value: string): boolean => !['(other)', '(more)', '(redacted)', ''].includes(value);
