/** The questions the dashboard asks and how it reads the answers. No network, no state. */
import type { DatePair, Measure, Query, QueryAnswer } from '../api/types.ts';
import type { Bucket } from '../state/range.ts';
import type { Panel, Tab } from './panels.ts';

export interface Totals {
  visitors: number;
  pageviews: number;
  events: number;
}

/** A row of a list: the value as the API names it, and the numbers of the panel's columns. */
export interface Row {
  value: string;
  numbers: number[];
}

export interface List {
  rows: Row[];
  /** Whether more rows exist than were asked for. */
  more: boolean;
}

/** Rows of a list before and after "show more". */
export const SHORT_LIST = 7;
export const LONG_LIST = 200;

/** Page views are an event to the API, but not a feature to the reader. */
const NOT_A_FEATURE = 'pageview';

export const totalsQuery = (site: string, days: DatePair | 'all'): Query => ({
  site_id: site,
  metrics: ['visitors', 'pageviews', 'events'],
  date_range: days,
});

export function totalsOf(answer: QueryAnswer): Totals {
  const [visitors = 0, pageviews = 0, events = 0] = answer.results[0]?.metrics ?? [];
  return { visitors, pageviews, events };
}

export const seriesQuery = (site: string, days: DatePair, bucket: Bucket): Query => ({
  site_id: site,
  metrics: ['visitors', 'pageviews'],
  date_range: days,
  dimensions: [`time:${bucket}`],
});

export function listQuery(site: string, days: DatePair, panel: Panel, tab: Tab, limit: number): Query {
  const metrics = panel.columns.filter((column): column is Measure => column !== 'share');
  // One row more than shown tells whether there is more; one more again stands in for the page views left out.
  const spare = tab.dimension === 'event:name' ? 2 : 1;
  return {
    site_id: site,
    metrics,
    date_range: days,
    dimensions: [tab.dimension],
    order_by: [[panel.columns[0], 'desc']],
    pagination: { limit: limit + spare },
  };
}

export function listOf(answer: QueryAnswer, tab: Tab, limit: number): List {
  const rows = answer.results
    .map(({ dimensions, metrics }): Row => ({
      value: dimensions[0] ?? '',
      numbers: metrics,
    }))
    .filter((row) => tab.dimension !== 'event:name' || row.value !== NOT_A_FEATURE);
  return { rows: rows.slice(0, limit), more: rows.length > limit };
}
