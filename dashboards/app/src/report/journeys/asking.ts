/** Which ways are asked for: all, those that start at a page, those that lead to it. */
import type { JourneysAnswer } from '../../api/schema.ts';
import { rangeParameters } from '../../part/range_parameters.ts';
import { isValue, listQuestion, rowsOf } from '../../part/table.ts';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';

export type End = 'from' | 'to';

export const pick = (page: string): void => store.setOwn('page', page);

/** Of the address: `ways=from` or `ways=to`. */
export function endNow(): End | undefined {
  const own = store.view.value.own['ways'];
  return own === 'from' || own === 'to' ? own : undefined;
}

export function pathNow(): string | undefined {
  const range = store.dateRange.value;
  return range === undefined ? undefined : `/api/v1/journeys?site=${encodeURIComponent(store.siteId.value)}&${rangeParameters(range)}`;
}

export const pathBy = (path: string, end: End, page: string): string => `${path}&${end}_page=${encodeURIComponent(page)}`;

/** Every page one may ask about: those of the ways, and the most seen ones; and the one that is chosen. */
export function usePages(data: JourneysAnswer | undefined): { pages: string[]; page: string | undefined } {
  const { next = [], second = [], third = [] } = data ?? {};
  const range = store.dateRange.value;
  const list = range === undefined ? undefined : listQuestion({ site: store.siteId.value, range, dimension: 'event:page', measures: ['visitors'], limit: 100 });
  const seen = useQuery(list);
  const listed = [...next, ...second, ...third].flatMap(({ from, to }) => [from, to]);
  const pages = [...new Set([...listed, ...(seen.data ? rowsOf(seen.data) : []).map(({ value }) => value)])].filter(isValue).sort();
  const first = [...next, ...second].map(({ from }) => from).find(isValue) ?? pages[0];
  return { pages, page: store.view.value.own['page'] ?? first };
}
