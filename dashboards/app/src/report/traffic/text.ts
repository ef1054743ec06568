/** The strings of this report. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/traffic.ts';

export const tt = catalogue('traffic', english);
