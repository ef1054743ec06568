/** Values as people read them: countries, languages, places, and the labels of folded rows. */
import { locale } from '../text/catalogue.ts';
import { w } from '../text/words.ts';

/** A value's text and, where the row stands for several values or none, what that means. */
export interface Name {
  text: string;
  /** Short code shown beside the text. */
  code?: string;
  /** What a text that is no plain value means. */
  note?: string;
  /** Set when the row stands for several values, or for none. */
  folded?: true;
}

function folded(value: string): Name | undefined {
  const { folded } = w();
  switch (value) {
    case '':
    case '(none)':
      return { text: folded.notSet, note: folded.notSetNote, folded: true };
    case '(other)':
      return { text: folded.other, note: folded.otherNote, folded: true };
    case '(more)':
      return { text: folded.more, note: folded.moreNote, folded: true };
    case '(direct)':
      return { text: folded.direct, note: folded.directNote };
    case '(unknown)':
      return { text: folded.unknown, note: folded.unknownNote, folded: true };
    case '(redacted)':
      return { text: folded.redacted, note: folded.redactedNote, folded: true };
    default:
      return undefined;
  }
}

const displayNames = new Map<string, Intl.DisplayNames>();

function nameOf(type: 'region' | 'language', code: string): string {
  const key = `${type} ${locale.value}`;
  const names = displayNames.get(key) ?? new Intl.DisplayNames([locale.value, 'en'], { type });
  displayNames.set(key, names);
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // not a well-formed code
  }
}

/** How a value of a dimension is written. */
export function nameFor(dimension: string, value: string): Name {
  const special = folded(value);
  if (special) return special;
  switch (dimension) {
    case 'visit:country':
      return { text: nameOf('region', value), code: value };
    case 'visit:language':
      return { text: nameOf('language', value), code: value };
    case 'visit:region':
      return placeOf(value, /^([A-Z]{2})-(.+)$/);
    case 'visit:city':
      return placeOf(value, /^([A-Z]{2})-[^/]*\/(.+)$/);
    case 'visit:channel':
      return { text: said(w().channels, value) };
    case 'visit:device':
    case 'visit:screen':
      return { text: said(w().devices, value) };
    default:
      return { text: value };
  }
}

/** The word for a value that the server counts by an English one. */
const said = (words: object, value: string): string => (Object.hasOwn(words, value) ? (words as Record<string, string>)[value] ?? value : value);

/** `DE-Bavaria`, `DE-Bavaria/Munich`: the place, and its country as a short code. */
function placeOf(value: string, pattern: RegExp): Name {
  const [, code, place] = pattern.exec(value) ?? [];
  return code && place ? { text: place, code } : { text: value };
}
