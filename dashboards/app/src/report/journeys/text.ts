/** The strings of this report. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/journeys.ts';

export const jt = catalogue('journeys', english);
