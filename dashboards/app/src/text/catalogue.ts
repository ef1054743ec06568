/**
 * The language of the page and its strings. English is the source, `text/en/NAME.ts`, and comes with the scripts that show
 * it; another language has the same files under its code (`translations.ts`), loaded before what they are in is shown.
 */
import { computed, effect, signal } from '@preact/signals';
import { translations, type Texts } from './translations.ts';

/** The languages, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', ja: '日本語' } as const;
export type Language = keyof typeof LANGUAGES;

export const isLanguage = (text: string | null | undefined): text is Language => !!text && Object.hasOwn(LANGUAGES, text);

const spoken = (): readonly string[] => globalThis.navigator?.languages ?? ['en'];
const primary = (tag: string): string => tag.split('-')[0] ?? tag;

/** The first of the reader's languages that we speak. */
const preferred = (): Language => spoken().map(primary).find(isLanguage) ?? 'en';

let wanted: Language = preferred();

/** The language shown. It follows the one wanted as soon as its strings are there. */
export const language = signal<Language>('en');

/** What numbers, dates and names are written by: the reader's own variety of the language, if they have one. */
export const locale = computed(() => spoken().find((tag) => primary(tag) === language.value) ?? language.value);

/** Strings that were loaded, by language and file. */
const shelf = new Map<string, unknown>();
/** The files that somebody shows. */
const shown = new Set<keyof Texts>();

/** Fetches a file of strings in the language wanted; one that cannot be had leaves English, and is asked for again. */
export async function fetchText(name: keyof Texts): Promise<void> {
  const of = wanted;
  const key = `${of}/${name}`;
  if (of === 'en' || shelf.has(key)) return;
  const found = await translations[of][name]().catch(() => undefined);
  if (found) shelf.set(key, found.default);
}

/** The strings of one file. The function returned gives them in the language of now; a component that calls it follows. */
export function catalogue<Name extends keyof Texts>(name: Name, english: Texts[Name]): () => Texts[Name] {
  shown.add(name);
  return () => (shelf.get(`${language.value}/${name}`) as Texts[Name] | undefined) ?? english;
}

/** Settles when every string of what is shown is there in the language wanted, and shows that language from then on. */
export async function translated(): Promise<void> {
  const next = wanted;
  await Promise.all([...shown].map(fetchText));
  if (next === wanted) language.value = next;
  else await translated();
}

let begun = false;

/** Chooses the language; nothing leaves it to the reader's browser. Before the first view nothing is loaded yet. */
export function speak(next: Language | undefined): void {
  wanted = next ?? preferred();
  if (begun) void translated();
}

/** Loads the strings of the first view and lets later choices take effect at once. */
export function begin(): Promise<void> {
  begun = true;
  effect(() => {
    document.documentElement.lang = language.value;
  });
  return translated();
}
