/**
 * Which strings there are, and where each language keeps them. A file that a language lacks does not compile, nor does a
 * key too few or too many inside one. Each is loaded when its part of the page is shown in that language.
 */
import type features from './en/features.ts';
import type funnels from './en/funnels.ts';
import type goals from './en/goals.ts';
import type journeys from './en/journeys.ts';
import type live from './en/live.ts';
import type notes from './en/notes.ts';
import type problems from './en/problems.ts';
import type retention from './en/retention.ts';
import type settings from './en/settings.ts';
import type shell from './en/shell.ts';
import type sign_in from './en/sign_in.ts';
import type sites from './en/sites.ts';
import type traffic from './en/traffic.ts';
import type vitals from './en/vitals.ts';
import type words from './en/words.ts';

/** The files of strings, as English has them. */
export interface Texts {
  features: typeof features;
  funnels: typeof funnels;
  goals: typeof goals;
  journeys: typeof journeys;
  live: typeof live;
  notes: typeof notes;
  problems: typeof problems;
  retention: typeof retention;
  settings: typeof settings;
  shell: typeof shell;
  sign_in: typeof sign_in;
  sites: typeof sites;
  traffic: typeof traffic;
  vitals: typeof vitals;
  words: typeof words;
}

type Translation = { [Name in keyof Texts]: () => Promise<{ default: Texts[Name] }> };

export const translations: Record<'de' | 'fr' | 'es' | 'ja', Translation> = {
  de: {
    features: () => import('./de/features.ts'),
    funnels: () => import('./de/funnels.ts'),
    goals: () => import('./de/goals.ts'),
    journeys: () => import('./de/journeys.ts'),
    live: () => import('./de/live.ts'),
    notes: () => import('./de/notes.ts'),
    problems: () => import('./de/problems.ts'),
    retention: () => import('./de/retention.ts'),
    settings: () => import('./de/settings.ts'),
    shell: () => import('./de/shell.ts'),
    sign_in: () => import('./de/sign_in.ts'),
    sites: () => import('./de/sites.ts'),
    traffic: () => import('./de/traffic.ts'),
    vitals: () => import('./de/vitals.ts'),
    words: () => import('./de/words.ts'),
  },
  fr: {
    features: () => import('./fr/features.ts'),
    funnels: () => import('./fr/funnels.ts'),
    goals: () => import('./fr/goals.ts'),
    journeys: () => import('./fr/journeys.ts'),
    live: () => import('./fr/live.ts'),
    notes: () => import('./fr/notes.ts'),
    problems: () => import('./fr/problems.ts'),
    retention: () => import('./fr/retention.ts'),
    settings: () => import('./fr/settings.ts'),
    shell: () => import('./fr/shell.ts'),
    sign_in: () => import('./fr/sign_in.ts'),
    sites: () => import('./fr/sites.ts'),
    traffic: () => import('./fr/traffic.ts'),
    vitals: () => import('./fr/vitals.ts'),
    words: () => import('./fr/words.ts'),
  },
  es: {
    features: () => import('./es/features.ts'),
    funnels: () => import('./es/funnels.ts'),
    goals: () => import('./es/goals.ts'),
    journeys: () => import('./es/journeys.ts'),
    live: () => import('./es/live.ts'),
    notes: () => import('./es/notes.ts'),
    problems: () => import('./es/problems.ts'),
    retention: () => import('./es/retention.ts'),
    settings: () => import('./es/settings.ts'),
    shell: () => import('./es/shell.ts'),
    sign_in: () => import('./es/sign_in.ts'),
    sites: () => import('./es/sites.ts'),
    traffic: () => import('./es/traffic.ts'),
    vitals: () => import('./es/vitals.ts'),
    words: () => import('./es/words.ts'),
  },
  ja: {
    features: () => import('./ja/features.ts'),
    funnels: () => import('./ja/funnels.ts'),
    goals: () => import('./ja/goals.ts'),
    journeys: () => import('./ja/journeys.ts'),
    live: () => import('./ja/live.ts'),
    notes: () => import('./ja/notes.ts'),
    problems: () => import('./ja/problems.ts'),
    retention: () => import('./ja/retention.ts'),
    settings: () => import('./ja/settings.ts'),
    shell: () => import('./ja/shell.ts'),
    sign_in: () => import('./ja/sign_in.ts'),
    sites: () => import('./ja/sites.ts'),
    traffic: () => import('./ja/traffic.ts'),
    vitals: () => import('./ja/vitals.ts'),
    words: () => import('./ja/words.ts'),
  },
};
