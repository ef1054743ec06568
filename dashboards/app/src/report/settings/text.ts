/** The strings of the settings. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/settings.ts';

export const st = catalogue('settings', english);
