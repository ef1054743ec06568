/**
 * The tracker, served as `/hc.js`: reports page views, how they were read, and named events to the collector.
 *
 * It stores nothing, sets no cookie and decides nothing about consent: the server honours DNT and GPC, so that those
 * visits can be counted as opted out. (`data-cohorts` loads `cohort.ts`, which does store.) It never throws into the page
 * and never blocks it. Every byte is paid by every visitor, hence the terse style; `npm run build` enforces the budget.
 */
import { look, reading, restart, tick } from './attention.ts';
import { act, type Count } from './actions.ts';
import { attempt } from './attempt.ts';
import { watch, type Vitals } from './vitals.ts';

/** Second argument of `headcount(name, …)`: `{ props, revenue }`, or the properties themselves. */
interface Options {
  props?: Record<string, unknown>;
  revenue?: { amount: number; currency: string };
  [property: string]: unknown;
}
/** The function of pages, or the stub that keeps calls until it is there. `more` are fields of the tracker's own. */
type Headcount = ((name?: unknown, options?: Options | 0, more?: unknown) => unknown) & { q?: Parameters<Headcount>[] };

declare global {
  interface Window {
    headcount?: Headcount;
    LayoutShift?: unknown;
  }
  interface Document {
    prerendering?: boolean;
  }
}

attempt(() => {
  const l = location;
  const before = window.headcount;
  // A second copy of the script must not count everything twice. A stub has no parameters.
  if (before?.length) return;

  const { dataset, src } = document.currentScript as HTMLScriptElement;
  // Given up, like everything, without a word: `attempt` fails on an error as well.
  const cohorts = 'cohorts' in dataset && import(/* @vite-ignore */ src.replace(/js$/, 'cohorts.js')).catch(attempt);
  /** Of the first view only, and not of one that began hidden: its times say nothing. No shift at all is a good value. */
  let vitals = 'vitals' in dataset && !document.hidden && ({ CLS: window.LayoutShift && 0 } as Vitals);
  let path: string | undefined;
  let url: string | undefined;
  /** Where the current view came from; its events say so too, so that they share its source. */
  let referrer = document.referrer;

  const headcount: Headcount = async (name, options, more) => {
    try {
      if (!name || attempt(() => localStorage['headcount_ignore'])) return;
      if (document.prerendering) addEventListener('prerenderingchange', () => headcount(name, options, more), true);
      // Unlike `sendBeacon`, `fetch` can leave the cookies out. An answer that nobody reads would be shown as cancelled.
      else
        await (
          await fetch(dataset.api || new URL('/e', src), {
            credentials: 'omit',
            keepalive: true,
            method: 'POST',
            body: JSON.stringify({
              site: dataset.site || l.hostname,
              referrer,
              name,
              w: innerWidth,
              url,
              ...(!options || options.props || options.revenue ? options : { props: options }),
              ...((await more) as object | undefined),
            }),
          })
        ).text();
    } catch {
      // Offline, blocked, or properties that are no JSON.
    }
  };

  const route = (): string => (l.pathname + ('hash' in dataset ? l.hash : '')).replace(/\/?#\/?/, '/');

  /** Counts a page view; what this document showed before is its referrer. */
  const view = (): void => {
    referrer = url || referrer;
    path = route();
    url = origin + path + l.search;
    restart();
    headcount('pageview', 0, cohorts);
  };

  const report = (): void => {
    const news = reading();
    if (news) headcount('engagement', 0, news);
    if (vitals) headcount('vitals', 0, { vitals });
    vitals = false;
  };

  const viewIfMoved = (): void => {
    if (route() == path) return;
    report();
    view();
  };

  const attend = (): void => (document.hidden ? report : tick)();
  const click = (event: Event): void => act(event, headcount as Count);
  const handlers: Record<string, (event: any, moved: void) => void> = {
    popstate: viewIfMoved,
    visibilitychange: attend,
    pageshow: (event: PageTransitionEvent) => event.persisted && view(),
    focus: attend,
    scroll: look,
    blur: attend,
    submit: click,
    auxclick: click,
    click,
  };
  // Captured, so that a page that stops propagation is still counted. The address may have been replaced without a word:
  // whoever reads on, or leaves, does something that is heard here.
  for (const type in handlers) addEventListener(type, (event) => attempt(() => handlers[type]!(event, viewIfMoved())), true);

  const push = history.pushState;
  history.pushState = (...call) => {
    push.apply(history, call);
    viewIfMoved();
  };

  window.headcount = headcount;
  view();
  if (404 in dataset) headcount('404');
  before?.q?.map((call) => headcount(...call));
  if (vitals) watch(vitals);
});
