/** Values as people read them: countries, languages, and the labels of folded rows. */

export type ValueKind = 'text' | 'path' | 'country' | 'language';

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

const FOLDED: Record<string, Name> = {
  '': { text: 'Not set', note: 'These hits carried no value', folded: true },
  '(other)': { text: 'Other', note: 'Values with too few visitors to be shown on their own', folded: true },
  '(more)': { text: 'More values', note: 'Values beyond the daily limit of distinct values', folded: true },
  '(direct)': { text: 'Direct', note: 'No referrer: typed, bookmarked, or from an app' },
  '(none)': { text: 'None', note: 'These hits carried no value', folded: true },
  '(unknown)': { text: 'Unknown', note: 'The value could not be told', folded: true },
  '(redacted)': { text: 'Redacted', note: 'Looked like personal data and was dropped on arrival', folded: true },
};

const displayNames = new Map<string, Intl.DisplayNames>();

function nameOf(type: 'region' | 'language', code: string, locale: string): string {
  const key = `${type} ${locale}`;
  const names = displayNames.get(key) ?? new Intl.DisplayNames([locale, 'en'], { type });
  displayNames.set(key, names);
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // not a well-formed code
  }
}

/** How a value of a report is written. */
export function nameFor(kind: ValueKind, value: string, locale: string): Name {
  const folded = Object.hasOwn(FOLDED, value) ? FOLDED[value] : undefined;
  if (folded) return folded;
  if (kind === 'country') return { text: nameOf('region', value, locale), code: value };
  if (kind === 'language') return { text: nameOf('language', value, locale), code: value };
  return { text: value };
}
