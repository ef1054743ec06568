/** Where a click on a value leads. */
import * as store from '../../state/store.ts';

/** The traffic of today, filtered by a value. */
export function openToday(dimension: string, value: string): void {
  store.go({ ...store.toReport(''), range: 'day', filter: { dimension, operator: 'is', values: [value] } });
  scrollTo(0, 0);
}
