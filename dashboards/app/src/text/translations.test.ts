/** Holds every language against English: the same keys, the same parts in each string, nothing left untranslated. */
import { afterEach, expect, test } from 'vitest';
import { language } from './catalogue.ts';
import { translations } from './translations.ts';

type Leaf = string | ((...parts: unknown[]) => string);
type Strings = Record<string, Leaf>;

const english = import.meta.glob<{ default: object }>('./en/*.ts', { eager: true });
const others = import.meta.glob<{ default: object }>('./{de,fr,es,ja}/*.ts', { eager: true });
const LANGUAGES = Object.keys(translations) as (keyof typeof translations)[];
const names = Object.keys(english).map((path) => /(\w+)\.ts$/.exec(path)?.[1] ?? '');

/** Every string of a file by the path of its key. */
const flat = (node: object, path = ''): Strings =>
  Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) =>
      typeof value === 'object' ? Object.entries(flat(value as object, `${path}${key}.`)) : [[path + key, value as Leaf]],
    ),
  );

const fileOf = (of: string, name: string): Strings => {
  const file = of === 'en' ? english[`./en/${name}.ts`] : others[`./${of}/${name}.ts`];
  return file ? flat(file.default) : {};
};

/** What a string says of three things that are written alike in every language. */
const said = (leaf: Leaf): string => (typeof leaf === 'string' ? leaf : String(leaf(111, 222, 333)));

/** What must stand in a translation as it stands in English: what was put in, and what is code. */
const PARTS = /111|222|333|data-\w+|utm_\w+|localStorage\.\w+|docs\/\w+\.md|Authorization: Bearer|\/docs\/\*\*|p75|\b(?:LCP|CLS|INP|FCP|TTFB|DAU|WAU|MAU)\b/g;
const partsOf = (text: string): string[] => [...new Set(text.match(PARTS))].sort();

afterEach(() => void (language.value = 'en'));

test('every file of English is one of the catalogue’s', () => {
  for (const of of LANGUAGES) expect(Object.keys(translations[of]).sort()).toEqual([...names].sort());
});

test.each(LANGUAGES)('%s has every key of English and no other', (of) => {
  for (const name of names) expect(Object.keys(fileOf(of, name)).sort(), name).toEqual(Object.keys(fileOf('en', name)).sort());
});

test.each(LANGUAGES)('%s says of each string what English says', (of) => {
  language.value = of;
  for (const name of names) {
    const source = fileOf('en', name);
    for (const [key, leaf] of Object.entries(fileOf(of, name))) {
      const text = said(leaf);
      expect(partsOf(text), `${name}.${key}`).toEqual(partsOf(said(source[key] ?? '')));
      expect(text, `${name}.${key}`).not.toMatch(/undefined|NaN|\[object|^\s|\s$/);
    }
  }
});

test.each(LANGUAGES)('%s leaves no sentence in English', (of) => {
  const left = names.flatMap((name) => {
    const source = fileOf('en', name);
    const same = Object.entries(fileOf(of, name)).filter(([key, leaf]) => said(leaf) === said(source[key] ?? ''));
    return same.filter(([, leaf]) => said(leaf).split(' ').length > 2).map(([key]) => `${name}.${key}`);
  });
  // What Google calls them in every language.
  const known = left.filter((key) => !/^vitals\.names\./.test(key));
  expect(known).toEqual([]);
});

test('numbers inside strings take the form and the figures of the language', async () => {
  const visitors = async (of: keyof typeof translations, n: number) => {
    language.value = of;
    return (await translations[of].words()).default.visitors(n).replaceAll(/\s/g, ' ');
  };
  expect([await visitors('fr', 0), await visitors('fr', 1), await visitors('fr', 2), await visitors('fr', 1_000_000)]).toEqual([
    '0 visiteur',
    '1 visiteur',
    '2 visiteurs',
    '1 000 000 de visiteurs',
  ]);
  expect([await visitors('es', 1), await visitors('es', 2), await visitors('es', 1_000_000)]).toEqual([
    '1 visitante',
    '2 visitantes',
    '1.000.000 de visitantes',
  ]);
  expect([await visitors('de', 1), await visitors('de', 12_345), await visitors('ja', 12_345)]).toEqual(['1 Besucher', '12.345 Besucher', '12,345人']);
});
