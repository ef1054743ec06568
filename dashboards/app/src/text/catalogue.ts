/**
 * The strings of the dashboard and the language they are shown in. English is the source, `text/en/NAME.ts`; another
 * language has the same file under its code, typed by the English one, and is loaded when it is chosen.
 */
import { computed, signal } from '@preact/signals';

/** The languages, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', ja: '日本語' } as const;
export type Language = keyof typeof LANGUAGES;

const files = import.meta.glob<{ default: unknown }>('./{de,fr,es,ja}/*.ts');

export const isLanguage = (text: string | null | undefined): text is Language => !!text && Object.hasOwn(LANGUAGES, text);

const spoken = (): readonly string[] => globalThis.navigator?.languages ?? ['en'];
const primary = (tag: string): string => tag.split('-')[0] ?? tag;

/** The first of the reader's languages that we speak. */
const preferred = (): Language => spoken().map(primary).find(isLanguage) ?? 'en';

export const language = signal<Language>(preferred());

/** What numbers, dates and names are written by: the reader's own variety of the language, if they have one. */
export const locale = computed(() => spoken().find((tag) => primary(tag) === language.value) ?? language.value);

interface Shelf {
  load(): Promise<void>;
}
const shelves: Shelf[] = [];
let loading: Promise<unknown> = Promise.resolve();

/** The strings of one file. The function returned gives them in the language of now; a component that calls it follows. */
export function catalogue<T extends object>(name: string, english: T): () => T {
  const shown = signal(english);
  const load = async () => {
    const file = files[`./${language.peek()}/${name}.ts`];
    // A file that cannot be had leaves English: better than nothing.
    shown.value = file ? await file().then((found) => found.default as T).catch(() => english) : english;
  };
  shelves.push({ load });
  if (language.peek() !== 'en') loading = Promise.all([loading, load()]);
  return () => shown.value;
}

/** Settles when every string asked for so far is there in the language of now. */
export const translated = (): Promise<unknown> => loading;

/** Shows everything in another language. */
export async function speak(next: Language | undefined): Promise<void> {
  const chosen = next ?? preferred();
  if (chosen === language.peek()) return;
  language.value = chosen;
  loading = Promise.all(shelves.map((shelf) => shelf.load()));
  await loading;
  document.documentElement.lang = chosen;
}
