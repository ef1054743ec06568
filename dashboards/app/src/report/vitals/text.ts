/** The strings of this report. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/vitals.ts';

export const vt = catalogue('vitals', english);
