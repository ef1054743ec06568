/** The strings of notes. */
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/notes.ts';

export const nt = catalogue('notes', english);
