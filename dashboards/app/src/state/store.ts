/** The dashboard's state and the actions that change it. Views read signals and call actions. */
import { batch, computed, effect, signal } from '@preact/signals';
import { known, serverNow, signedOut, useShareToken, type ApiError } from '../api/request.ts';
import type { DatePair } from '../api/query.ts';
import type { Credit, Seen, SeenSite, Shown } from '../api/schema.ts';
import * as api from '../api/session.ts';
import { isLanguage, speak } from '../text/catalogue.ts';
import { formatAddress, parseAddress, type View } from './address.ts';
import * as filters from './filter.ts';
import * as ranges from './range.ts';

/** Who looks: not known yet, nobody, somebody, the holder of a share link, or the server could not say. */
export type Who =
  | { is: 'unknown' }
  | { is: 'nobody' }
  | { is: 'user'; session: Seen }
  | { is: 'guest'; share: Shown }
  | { is: 'locked' }
  | { is: 'failed'; error: ApiError };

export const who = signal<Who>({ is: 'unknown' });
export const view = signal<View>(parseAddress(location.pathname, location.search));
/** A one-time link's secret, taken from the address; set until the link is used or turns out to be spent. */
export const linkToken = signal(
  location.pathname === '/sign-in' ? new URLSearchParams(location.search).get('token') : null,
);
/** What the sign-in page has to say before the first attempt. */
export const signInNotice = signal('');
/** Why the numbers shown could not be renewed. */
export const trouble = signal<ApiError | undefined>(undefined);

export const session = computed(() => (who.value.is === 'user' ? who.value.session : undefined));
/** Whose data we use: licences ask for it beside numbers, also shared ones. */
export const credits = computed<readonly Credit[]>(() => {
  const now = who.value;
  return now.is === 'guest' ? now.share.credits : (session.value?.credits ?? []);
});
/** Whether this is a share link's page: no settings, nothing stored, no way to sign out. */
export const isGuest = computed(() => view.value.frame.share !== '');
export const siteId = computed(() => view.value.site);
export const site = computed<SeenSite | undefined>(() => {
  const now = who.value;
  if (now.is === 'guest' && now.share.site === siteId.value) return { id: now.share.site, timezone: now.share.timezone ?? 'UTC', domains: [], role: 'viewer' };
  return session.value?.sites.find(({ id }) => id === siteId.value);
});
export const mayEdit = computed(() => !isGuest.value && site.value !== undefined && site.value.role !== 'viewer');
/** Whoever only looks: no settings. Nobody is taken for one before the server has said who they are. */
export const onlyReads = computed(() => isGuest.value || site.value?.role === 'viewer');

/** Moves on with the clock: once per beat. */
const clock = signal(0);
/** Today in the site's zone; until the zone is known, in this browser's. */
export const today = computed(() => {
  void clock.value;
  return ranges.dateIn(site.value?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, serverNow());
});
export const tick = (): void => void (clock.value = clock.peek() + 1);

/** The first and last day ever counted, as the server said them. */
const wholeSpan = signal<DatePair | undefined>(undefined);
export const tellSpan = (days: DatePair | undefined): void => {
  if (view.peek().range === 'all' && days && days.join() !== wholeSpan.peek()?.join()) wholeSpan.value = days;
};
/** The first and last day shown, in the site's zone. */
export const days = computed(() => ranges.daysOf(view.value.range, today.value, wholeSpan.value));
export const isRunning = computed(() => ranges.includes(days.value, today.value));
/** What to put into `date_range`; nothing while it depends on a zone that is not known yet. */
export const dateRange = computed(() => {
  const { range } = view.value;
  return range === 'yesterday' && !site.value ? undefined : ranges.toApi(range, today.value);
});
export const filter = computed(() => view.value.filter);
export const bucket = computed(() => {
  const fits = ranges.bucketsOf(days.value, filter.value !== undefined);
  const { by } = view.value;
  return by && fits.includes(by) ? by : ranges.bucketOf(days.value, filter.value !== undefined);
});
/** `include.comparison` of the curve, when one is asked for. */
export const comparison = computed<string | DatePair | undefined>(() => {
  const { compare } = view.value;
  if (compare === 'previous_period' || compare === 'year_over_year') return compare;
  return ranges.customDays(compare);
});

/** Whether something on the page would be lost if another report were opened. */
export const unsaved = signal(false);
/** Where somebody wants to go meanwhile: held back until they say so. */
export const held = signal<View | undefined>(undefined);

function holds(next: View): boolean {
  const { site, report } = view.peek();
  if (!unsaved.peek() || (next.site === site && next.report === report)) return false;
  held.value = next;
  return true;
}

/** Goes where it was held back from. */
export async function goOn(): Promise<void> {
  const next = held.peek();
  unsaved.value = false;
  held.value = undefined;
  if (next) go(next);
}

/** Changes the view and the address with it. `replace` leaves no step in the history. */
export function go(change: Partial<View>, how: 'push' | 'replace' = 'push'): void {
  const next = { ...view.peek(), ...change };
  if (holds(next)) return;
  view.value = next;
  const address = formatAddress(next);
  if (address === location.pathname + location.search) return;
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

/** The address that `go` would lead to, for links that can be opened elsewhere. */
export const hrefOf = (change: Partial<View>): string => formatAddress({ ...view.value, ...change });

/** What another report, or another site, starts from. */
export const toReport = (report: string): Partial<View> => ({ report, own: {}, metric: '', by: '' });
export const toSite = (id: string): Partial<View> => ({ ...toReport(''), site: id, filter: undefined });

/** Sets a parameter that only the report knows; the empty text removes it. */
export const setOwn = (name: string, value: string): void =>
  go({ own: { ...view.peek().own, [name]: value } }, 'replace');

export const setFilter = (next: filters.Filter | undefined): void => go({ filter: next });
/** Filters by one value, or no longer when it is the filter already. */
export function pick(dimension: string, value: string): void {
  const now = filter.peek();
  const same = now?.dimension === dimension && now.values.length === 1 && now.values[0] === value;
  setFilter(same ? undefined : { dimension, operator: 'is', values: [value] });
}

/** Theme and language of somebody who is signed in; what the address says goes before them. */
const liking = signal({ theme: '', lang: '' });
export const like = (change: { theme?: string; lang?: string }): void => void (liking.value = { ...liking.peek(), ...change });
/** How the page looks. */
export const look = computed(() => ({
  theme: view.value.frame.theme || liking.value.theme,
  lang: view.value.frame.lang || liking.value.lang,
  background: view.value.frame.background,
}));

async function enterShared(): Promise<void> {
  const share = await api.readShare();
  if (!view.peek().site) go(toSite(share.site), 'replace');
  who.value = share.needs_password ? { is: 'locked' } : { is: 'guest', share };
}

/** Opens the share link of this page by its password, for some hours. */
export async function unlock(password: string): Promise<void> {
  const { pass } = await api.unlockShare(view.peek().frame.share, password);
  useShareToken(pass);
  await enterShared();
}

/** Asks who is signed in, or what the share link shows. */
export async function start(): Promise<void> {
  useShareToken(view.peek().frame.share);
  try {
    if (isGuest.peek()) await enterShared();
    else {
      const session = await api.readSession();
      if (!session) return void (who.value = { is: 'nobody' });
      const [only, another] = session.sites;
      // The overview of one site is that site.
      if (only && !another && !view.peek().site) go(toSite(only.id), 'replace');
      who.value = { is: 'user', session };
    }
  } catch (failure) {
    who.value = { is: 'failed', error: known(failure) };
  }
}

/** Forgets the one-time link, so that it stays neither on the screen nor in the history, and goes on without it. */
export async function dropLink(notice = ''): Promise<void> {
  history.replaceState(null, '', '/');
  batch(() => {
    view.value = parseAddress('/', '');
    signInNotice.value = notice;
  });
  await start();
  linkToken.value = null;
}

/** Follows the browser's back and forward. */
export function followHistory(): void {
  const next = parseAddress(location.pathname, location.search);
  if (holds(next)) history.pushState(null, '', formatAddress(view.peek()));
  else view.value = next;
}

export async function leave(): Promise<void> {
  await api.signOut().catch(() => {});
  who.value = { is: 'nobody' };
}

// Whoever finds out that nobody is signed in ends the page; a link is looked at anew: its pass may be over.
effect(() => {
  if (signedOut.value === 0) return;
  if (who.peek().is === 'user' || (who.peek().is === 'unknown' && !isGuest.peek())) who.value = { is: 'nobody' };
  if (who.peek().is !== 'guest') return;
  who.value = { is: 'unknown' };
  void start();
});
effect(() => {
  const { theme, background } = look.value;
  const root = document.documentElement;
  if (theme === 'light' || theme === 'dark') root.dataset['theme'] = theme;
  else delete root.dataset['theme'];
  root.classList.toggle('embedded', background !== '');
  // Set through CSSOM, which the content security policy allows and which drops what is no colour.
  root.style.setProperty('--ground', background || null);
});
effect(() => {
  const { lang } = look.value;
  void speak(isLanguage(lang) ? lang : undefined);
});
