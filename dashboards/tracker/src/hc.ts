/**
 * The tracker, served as `/hc.js`: reports page views and named events to the collector.
 *
 * It reads the page's address and width, stores nothing, sets no cookie and decides nothing about consent: the server
 * honours DNT and GPC, so that those visits can be counted as opted out. It never throws into the page and never
 * blocks it. Every byte is paid by every visitor, hence the terse style; `npm run build` enforces the budget.
 */
import { fieldsOf, isIgnored, propsOf, type Options } from './event.ts';

type Call = [name: unknown, options?: Options];
type Headcount = ((...call: Call) => void) & { q?: ArrayLike<unknown>[]; on?: 1 };

declare global {
  interface Window {
    headcount?: Headcount;
  }
  interface Document {
    prerendering?: boolean;
  }
}

const w = window;
const d = document;

/** Runs `step` and swallows whatever goes wrong: the page must never notice the tracker. */
const quietly = (step: () => void): void => {
  try {
    step();
  } catch {
    /* a lost count is better than a broken page */
  }
};

quietly(() => {
  const before = w.headcount;
  // A second copy of the script must not count everything twice.
  if (before?.on) return;

  const script = (d.currentScript || d.querySelector('script[data-site][src*="/hc."]')) as HTMLScriptElement;
  const site = script.dataset.site || location.hostname;
  const api = script.dataset.api || new URL('/e', script.src).href;
  let lastPath: string | undefined;
  let lastUrl: string | undefined;
  /** Where the current view came from; its events say so too, so that they share its source. */
  let referrer = d.referrer;

  const post = (body: string): void =>
    quietly(() => {
      // `fetch` is preferred over `sendBeacon` because it can leave the cookies out. An answer that nobody reads would
      // be shown as cancelled in the network panel.
      if ('keepalive' in Request.prototype)
        fetch(api, { method: 'POST', body, keepalive: true, mode: 'no-cors', credentials: 'omit' })
          .then((answer) => answer.text())
          .catch(() => {});
      else navigator.sendBeacon(api, body);
    });

  const send = (name: unknown, options?: Options): void =>
    quietly(() => {
      if (isIgnored()) return;
      const body = JSON.stringify({
        site,
        name,
        url: location.href.split('#')[0],
        referrer,
        w: w.innerWidth,
        ...fieldsOf(options),
      });
      if (d.prerendering) d.addEventListener('prerenderingchange', () => post(body), { once: true });
      else post(body);
    });

  /** Counts a page view; what this document showed before is its referrer. */
  const view = (): void => {
    referrer = lastUrl || referrer;
    lastPath = location.pathname;
    lastUrl = location.href.split('#')[0];
    send('pageview');
  };

  const viewIfMoved = (): void => {
    if (location.pathname !== lastPath) view();
  };

  const headcount: Headcount = (name, options) => {
    if (name) send(name, options);
  };
  headcount.on = 1;
  w.headcount = headcount;

  const push = history.pushState;
  history.pushState = function (...call) {
    push.apply(this, call);
    quietly(viewIfMoved);
  };
  w.addEventListener('popstate', viewIfMoved);
  w.addEventListener('pageshow', (event) => {
    if (event.persisted) view();
  });

  const act = (event: Event): void =>
    quietly(() => {
      const element = (event.target as Element).closest('[data-hc-event]');
      // A form counts when it is submitted, everything else when it is activated (middle click included).
      if (!element || (event.type === 'submit') !== (element.tagName === 'FORM') || (event as MouseEvent).button > 1) return;
      headcount(element.getAttribute('data-hc-event'), { props: propsOf(element) });
    });
  // Captured, so that a page that stops propagation is still counted.
  for (const type of ['click', 'auxclick', 'submit']) d.addEventListener(type, act, true);

  view();
  for (const call of Array.from(before?.q || [])) headcount(...(Array.from(call) as Call));
});
