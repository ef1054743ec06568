/** The strings of this report. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/features.ts';

export const ft = catalogue('features', english);
