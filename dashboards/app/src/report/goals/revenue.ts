/** What both parts of the revenue share. */
import type { Measure } from '../../api/query.ts';
import * as store from '../../state/store.ts';

export const MEASURES = ['total_revenue', 'average_revenue'] as const satisfies Measure[];

/** The currency of the address; nothing: that of most payments. */
export const chosenCurrency = (): string | undefined => store.view.value.own['currency'] || undefined;
