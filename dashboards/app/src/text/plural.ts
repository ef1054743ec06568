/** Numbers inside strings: every digit, and nouns in the form their number asks for. Used by the strings themselves. */
import { locale } from './catalogue.ts';

const formats = new Map<string, Intl.NumberFormat>();
const rules = new Map<string, Intl.PluralRules>();

function had<T>(kept: Map<string, T>, make: (locale: string) => T): T {
  const found = kept.get(locale.value) ?? make(locale.value);
  kept.set(locale.value, found);
  return found;
}

/** Every digit: 1,234,567. */
export const plain = (value: number): string => had(formats, (of) => new Intl.NumberFormat(of)).format(value);

/** A word by the number it stands beside. `one` and `many` where the language tells them from the rest. */
export interface Forms {
  one?: string;
  many?: string;
  other: string;
}

/** The form for a number: `visit` of one, `visits` of two. */
export function plural(n: number, forms: Forms): string {
  const rule = had(rules, (of) => new Intl.PluralRules(of)).select(n);
  return (rule === 'one' || rule === 'many' ? forms[rule] : undefined) ?? forms.other;
}

/** The number with its noun: `1 visit`, `2 visits`. */
export const counted = (n: number, forms: Forms): string => `${plain(n)} ${plural(n, forms)}`;
