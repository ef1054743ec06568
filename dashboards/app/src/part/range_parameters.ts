/** A range of dates as the parameters of those routes that are read, not queried. */
import type { DatePair } from '../api/query.ts';

export const rangeParameters = (range: string | DatePair): string =>
  typeof range === 'string' ? `date_range=${range}` : `from=${range[0]}&to=${range[1]}`;
