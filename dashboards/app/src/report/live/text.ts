/** The strings of this report. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/live.ts';

export const lt = catalogue('live', english);
