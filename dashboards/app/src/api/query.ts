/** The query as the dashboard asks it: the generated documents with the words spelt out that they leave open. */
import type { ImportedDays, Query, QueryAnswer, QueryRow } from './schema.ts';

export const MEASURES = [
  'visitors',
  'visits',
  'pageviews',
  'events',
  'views_per_visit',
  'bounce_rate',
  'visit_duration',
  'time_on_page',
  'scroll_depth',
  'conversion_rate',
  'percentage',
  'total_revenue',
  'average_revenue',
] as const;
export type Measure = (typeof MEASURES)[number];

/** ISO dates, both included. */
export type DatePair = [from: string, to: string];

export const OPERATORS = ['is', 'is_not', 'contains', 'matches'] as const;
export type Operator = (typeof OPERATORS)[number];
export type ApiFilter = [operator: Operator, dimension: string, values: string[]];

/** `POST /api/v2/query`, and one of `POST /api/v2/query/batch` */
export interface Question extends Query {
  metrics: Measure[];
  date_range: string | DatePair;
  filters?: ApiFilter[];
  order_by?: [name: string, direction: 'asc' | 'desc'][];
  include?: { total_rows?: boolean; time_labels?: boolean; comparison?: string | DatePair; currency?: string };
  pagination?: { limit: number; offset?: number };
}

/** What the numbers leave out: groups of too few visitors. */
export interface Folded {
  rows: number;
  visitors: number;
  events: number;
}

export interface Meta extends Record<string, unknown> {
  visitors?: 'daily_sum' | 'upper_bound';
  suppressed?: Folded;
  imported?: ImportedDays[];
  other?: 'exact' | 'not_given';
  timezone?: string;
  total_rows?: number;
  time_labels?: string[];
  revenue?: { currency: string; others: string[] };
}

export interface Answer extends QueryAnswer {
  meta: Meta;
  query: { date_range?: DatePair; comparison_date_range?: DatePair } & Record<string, unknown>;
  results: QueryRow[];
}
