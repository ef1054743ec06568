/** The question behind a funnel: of the period, by time, and beside the days before. */
import { rangeParameters } from '../../part/range_parameters.ts';
import * as store from '../../state/store.ts';

/** One bucket makes no curve. */
export const funnelInterval = (): 'day' | 'week' | 'month' | undefined => {
  const bucket = store.bucket.value;
  return bucket === 'hour' || store.days.value[0] === store.days.value[1] ? undefined : bucket;
};

export function pathOf(id: string): string | undefined {
  const range = store.dateRange.value;
  if (range === undefined) return undefined;
  const comparison = store.comparison.value ?? (range === 'all' ? undefined : 'previous_period');
  const interval = funnelInterval();
  const also = `${interval ? `&interval=${interval}` : ''}${comparison ? `&comparison=${[comparison].flat().join()}` : ''}`;
  return `/api/v1/funnels?site=${encodeURIComponent(store.siteId.value)}&funnel=${encodeURIComponent(id)}${also}&${rangeParameters(range)}`;
}
