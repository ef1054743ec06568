/** The strings of this report. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/retention.ts';

export const rt = catalogue('retention', english);
