/** The one filter: how the address and the API write it, and what can be asked beside it. Knows no network. */
import { OPERATORS, type ApiFilter, type Measure, type Operator } from '../api/query.ts';

export interface Filter {
  dimension: string;
  operator: Operator;
  /** Alternatives. */
  values: string[];
}

const WRITTEN = new RegExp(`^(.+?):(${OPERATORS.join('|')}):(.*)$`, 's');

/** Reads `filter=dimension:operator:value`; the same again with another value is an alternative. */
export function parseFilter(texts: string[]): Filter | undefined {
  const parts = texts.map((text) => WRITTEN.exec(text)).filter((part) => part !== null);
  const [, dimension = '', operator = 'is'] = parts[0] ?? [];
  if (!dimension) return undefined;
  const values = parts.filter((part) => part[1] === dimension && part[2] === operator).map((part) => part[3] ?? '');
  return { dimension, operator: operator as Operator, values };
}

export const formatFilter = ({ dimension, operator, values }: Filter): string[] =>
  values.map((value) => `${dimension}:${operator}:${value}`);

export const toApi = (filter: Filter | undefined): ApiFilter[] =>
  filter ? [[filter.operator, filter.dimension, filter.values]] : [];

const FILTERABLE = new Set([
  'event:page',
  'event:section',
  'event:name',
  'event:goal',
  'visit:source',
  'visit:channel',
  'visit:country',
  'visit:device',
  'visit:browser',
  'visit:os',
  'visit:utm_campaign',
]);

/** Whether the server keeps pairs of this dimension, so that it can be filtered by. Properties: those the owner listed. */
export const canFilter = (dimension: string): boolean => FILTERABLE.has(dimension) || dimension.startsWith('event:props:');

/** Pages, names, goals and properties are looked at within visits; what a whole visit was is not kept for them. */
const isPart = (dimension: string): boolean => dimension.startsWith('event:') && dimension !== 'event:hostname';

const ALWAYS: Measure[] = ['visitors', 'visits', 'pageviews', 'bounce_rate', 'time_on_page', 'scroll_depth'];
const OF_VISITS: Measure[] = ['views_per_visit', 'visit_duration'];

/** The measures that are kept for a dimension (none: the whole) beside a filter, in the order they are shown. */
export function measuresOf(dimension: string | undefined, filter: Filter | undefined): Measure[] {
  const asked = [dimension, filter?.dimension].filter((one) => one !== undefined);
  if (asked.includes('visit:exit_page')) return ['visitors', 'visits'];
  const kept = asked.some(isPart) ? [...ALWAYS] : [...ALWAYS, ...OF_VISITS];
  const ofEvents = (one: string): boolean => one === 'event:goal' || one === 'event:name';
  if (asked.some(ofEvents)) kept.push('conversion_rate');
  return kept;
}
