/** The strings of this report. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/funnels.ts';

export const ft = catalogue('funnels', english);
