/** The strings of this report. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/goals.ts';

export const gt = catalogue('goals', english);
