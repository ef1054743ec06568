/** The dashboard's state and the actions that change it. Views read signals and call actions; they fetch nothing. */
import { batch, computed, signal } from '@preact/signals';
import * as api from '../api/fetch.ts';
import type { Session } from '../api/types.ts';
import { PANELS, type Panel, type Tab } from '../data/panels.ts';
import * as reports from '../data/reports.ts';
import { seriesOf, type Series } from '../data/series.ts';
import { formatAddress, parseAddress, type View } from './address.ts';
import { loader, type Loader } from './load.ts';
import { bucketOf, dateIn, daysOf, includes } from './range.ts';

/** Who is signed in: not known yet, nobody, somebody, or the server could not say. */
export type Who = { is: 'unknown' } | { is: 'nobody' } | { is: 'user'; session: Session } | { is: 'failed'; error: api.ApiError };

export const who = signal<Who>({ is: 'unknown' });
export const view = signal<View>(parseAddress(location.pathname, location.search));
/** A one-time link's secret, taken from the address; set until the link is used or turns out to be spent. */
export const linkToken = signal(
  location.pathname === '/sign-in' ? new URLSearchParams(location.search).get('token') : null,
);
/** What the sign-in page has to say before the first attempt. */
export const signInNotice = signal('');
/** Why the numbers shown could not be renewed. */
export const trouble = signal<api.ApiError | undefined>(undefined);

export const session = computed(() => (who.value.is === 'user' ? who.value.session : undefined));
export const site = computed(() => session.value?.sites.find(({ id }) => id === view.value.site));

const today = signal('');
/** The first and last day shown, in the site's zone. */
export const days = computed(() => daysOf(view.value.range, today.value));
export const isRunning = computed(() => includes(days.value, today.value));

export const totals: Loader<reports.Totals> = loader();
export const series: Loader<Series> = loader();
export const lists: Record<string, Loader<reports.List>> = Object.fromEntries(PANELS.map(({ id }) => [id, loader()]));
/** Whether the site ever received anything; known only once it matters. */
export const everCounted = signal<boolean | undefined>(undefined);
/** Panels that show their long list. */
const expanded = signal<ReadonlySet<string>>(new Set());
/** The totals moved and not every other number has followed yet. */
let behind = false;

export const isExpanded = (panel: Panel): boolean => expanded.value.has(panel.id);
export const tabOf = (panel: Panel): Tab =>
  panel.tabs.find(({ id }) => id === view.value.tabs[panel.id]) ?? panel.tabs[0];

type Keep = 'fresh' | 'stale' | 'forget';

function tellDay(): void {
  if (site.value) today.value = dateIn(site.value.timezone, api.serverNow());
}

async function loadTotals(keep: Keep): Promise<void> {
  const { id } = site.value!;
  const span = days.value;
  await totals.load(async (signal) => reports.totalsOf(await api.query(reports.totalsQuery(id, span), signal)), keep);
  if (totals.state.value.data?.events) everCounted.value = true;
  if (everCounted.value) return;
  const all = reports.totalsOf(await api.query(reports.totalsQuery(id, 'all')));
  if (site.value?.id === id) everCounted.value = all.events > 0;
}

function loadSeries(keep: Keep): Promise<void> {
  const { id } = site.value!;
  const [span, now] = [days.value, today.value];
  const bucket = bucketOf(span);
  return series.load(
    async (signal) =>
      seriesOf((await api.query(reports.seriesQuery(id, span, bucket), signal)).results, bucket, span, now),
    keep,
  );
}

function loadList(panel: Panel, keep: Keep): Promise<void> {
  const { id } = site.value!;
  const [span, tab] = [days.value, tabOf(panel)];
  const limit = isExpanded(panel) ? reports.LONG_LIST : reports.SHORT_LIST;
  return lists[panel.id]!.load(
    async (signal) => reports.listOf(await api.query(reports.listQuery(id, span, panel, tab, limit), signal), tab, limit),
    keep,
  );
}

/** Waits for every load and returns a failure, if there was one. Being signed out ends the page. */
async function settle(loads: Promise<void>[]): Promise<api.ApiError | undefined> {
  const results = await Promise.allSettled(loads);
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as api.ApiError] : []));
  if (errors.some(({ status }) => status === 401)) who.value = { is: 'nobody' };
  return errors[0];
}

/** Loads everything for the site and range of the address. */
export async function loadAll(keep: Keep = 'stale'): Promise<void> {
  if (!site.value) return;
  tellDay();
  trouble.value = undefined;
  if (keep === 'forget') everCounted.value = undefined;
  await settle([loadTotals(keep), loadSeries(keep), ...PANELS.map((panel) => loadList(panel, keep))]);
}

/** Renews what can have changed: the totals at every beat, everything else when they moved or the day turned. */
export async function renew(): Promise<void> {
  if (!site.value || !(isRunning.value || everCounted.value === false)) return;
  const before = JSON.stringify([totals.state.value.data, today.value]);
  tellDay();
  trouble.value = await settle([loadTotals('fresh')]);
  behind ||= before !== JSON.stringify([totals.state.value.data, today.value]);
  if (trouble.value || !behind || !site.value) return;
  trouble.value = await settle([loadSeries('fresh'), ...PANELS.map((panel) => loadList(panel, 'fresh'))]);
  behind = !!trouble.value;
}

/** Loads one list again. */
export const loadPanel = (panel: Panel, keep: Keep = 'fresh') => settle([loadList(panel, keep)]);
export const retrySeries = () => settle([loadSeries('fresh')]);

/** Changes the view and the address with it. */
export function go(change: Partial<View>): void {
  const before = view.value;
  const next = { ...before, ...change };
  batch(() => {
    view.value = next;
    if (next.site !== before.site) expanded.value = new Set();
  });
  const address = formatAddress(next);
  if (address !== location.pathname + location.search) history.pushState(null, '', address);
  void loadAll(next.site === before.site ? 'stale' : 'forget');
}

/** Chooses a panel's tab; the address follows without a new step in the history. */
export function chooseTab(panel: Panel, tab: Tab): void {
  view.value = { ...view.value, tabs: { ...view.value.tabs, [panel.id]: tab.id } };
  history.replaceState(null, '', formatAddress(view.value));
  void loadPanel(panel, 'forget');
}

export function expand(panel: Panel, more: boolean): void {
  const next = new Set(expanded.value);
  if (more) next.add(panel.id);
  else next.delete(panel.id);
  expanded.value = next;
  void loadPanel(panel, 'stale');
}

/** Asks who is signed in and shows the site of the address, or the first one. */
export async function start(): Promise<void> {
  try {
    who.value = { is: 'user', session: await api.readSession() };
  } catch (error) {
    const known = error instanceof api.ApiError ? error : new api.ApiError(0, 'unexpected', 'The answer could not be read.');
    who.value = known.status === 401 ? { is: 'nobody' } : { is: 'failed', error: known };
    return;
  }
  const first = session.value?.sites[0];
  if (!view.value.site && first) {
    view.value = { ...view.value, site: first.id };
    history.replaceState(null, '', formatAddress(view.value));
  }
  await loadAll('forget');
}

/** Forgets the one-time link, so that it stays neither on the screen nor in the history, and goes on without it. */
export async function dropLink(notice = ''): Promise<void> {
  history.replaceState(null, '', '/sign-in');
  signInNotice.value = notice;
  await start();
  linkToken.value = null;
}

/** Follows the browser's back and forward. */
export function followHistory(): void {
  const before = view.value;
  view.value = parseAddress(location.pathname, location.search);
  if (!view.value.site) view.value = { ...view.value, site: session.value?.sites[0]?.id ?? '' };
  void loadAll(view.value.site === before.site ? 'stale' : 'forget');
}

export async function leave(): Promise<void> {
  await api.signOut().catch(() => {});
  who.value = { is: 'nobody' };
}
