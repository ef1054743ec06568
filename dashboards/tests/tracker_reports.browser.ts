/** What the tracker reports of a page view after it was counted: attention, scroll depth, web vitals, cohorts. */
import { expect, test } from 'vitest';
import { html, tag, trackerTests } from './tracker_page.ts';

const LONG = '<a href="/short" id="leave">leave</a><canvas height="3000"></canvas>';
const it = trackerTests({
  '/long': html(LONG),
  '/short': html('short'),
  '/vitals': html('<h1>Big</h1><button id="slow">slow</button><script src="/slow.js"></script>', tag('data-vitals')),
  '/slow.js': `document.getElementById('slow').addEventListener('click', () => {
    const end = performance.now() + 40; while (performance.now() < end);
    document.body.prepend(Object.assign(document.createElement('p'), { textContent: 'more' }));
  });`,
  '/cohorts': html('<a href="/cohorts" id="again">again</a>', tag('data-cohorts')),
});

/** A clock that only the test moves, and an attention that only the test turns. */
const mockAttention = () =>
  it.page.addInitScript(() => {
    const state = { now: 1_800_000_000_000, hidden: false, focused: true };
    Date.now = () => state.now;
    const really = Object.getOwnPropertyDescriptor(Document.prototype, 'hidden')!.get!;
    Object.defineProperty(document, 'hidden', { get: () => state.hidden || really.call(document) });
    document.hasFocus = () => state.focused;
    Object.assign(window, {
      pass: (seconds: number) => (state.now += seconds * 1_000),
      turn: (change: Partial<typeof state>) => {
        Object.assign(state, change);
        if ('focused' in change) dispatchEvent(new Event(state.focused ? 'focus' : 'blur'));
        else document.dispatchEvent(new Event('visibilitychange'));
      },
    });
  });
declare const pass: (seconds: number) => void;
declare const turn: (change: { hidden?: boolean; focused?: boolean }) => void;

const reports = () =>
  it.named('engagement').map(({ url, engaged_secs, scroll_pct }) => [new URL(url).pathname, engaged_secs, scroll_pct]);
/** What is sent in one breath may arrive in any order. */
const reportsBySeconds = () => reports().toSorted((a, b) => a[1] - b[1]);

test('a report is seconds and a share of the page, next to what every hit has', async () => {
  await mockAttention();
  await it.page.goto(`${it.fake.url}/long?utm_source=news`);
  await it.hits(1);
  await it.page.evaluate(() => (pass(12), turn({ hidden: true })));
  expect((await it.hits(2))[1]).toEqual({
    type: 'text/plain;charset=UTF-8',
    site: 'shop',
    name: 'engagement',
    url: `${it.fake.url}/long?utm_source=news`,
    referrer: '',
    w: 1024,
    engaged_secs: 12,
    scroll_pct: expect.toSatisfy((depth: number) => depth > 10 && depth < 50),
  });
});

test('time runs while the page is visible and has the focus', async () => {
  await mockAttention();
  await it.page.goto(`${it.fake.url}/short`);
  await it.hits(1);
  await it.page.evaluate(() => {
    pass(3);
    turn({ focused: false });
    pass(100);
    turn({ focused: true });
    pass(4);
    turn({ hidden: true });
    pass(1_000);
    turn({ hidden: false });
    pass(5);
    turn({ hidden: true });
    turn({ hidden: false });
    turn({ hidden: true });
  });
  await it.fence();
  expect(reportsBySeconds()).toEqual([
    ['/short', 5, 100],
    ['/short', 7, 100],
  ]);
});

test('scroll depth is the deepest so far, of the height the page has by then', async () => {
  await mockAttention();
  await it.page.goto(`${it.fake.url}/long`);
  await it.hits(1);
  const scrollTo = (to: number) =>
    it.page.evaluate(
      (to) =>
        new Promise<void>((done) => {
          addEventListener('scroll', () => done(), { once: true });
          window.scrollTo(0, to);
        }),
      to,
    );
  const leave = () => it.page.evaluate(() => (turn({ hidden: true }), turn({ hidden: false })));
  await scrollTo(1_200);
  await scrollTo(0);
  await leave();
  await leave();
  await scrollTo(1e6);
  await leave();
  await it.page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('canvas'), { height: 3_000 }));
    pass(2);
  });
  await leave();
  await it.fence();
  const [first, ...rest] = reports();
  expect(first).toEqual(['/long', 0, expect.toSatisfy((depth: number) => depth > 55 && depth < 70)]);
  expect(rest).toEqual([
    ['/long', 0, 100],
    ['/long', 2, 100],
  ]);
});

test('leaving for another page reports, and so does a step of a single-page app, each under its own address', async () => {
  await mockAttention();
  await it.page.goto(`${it.fake.url}/long`);
  await it.hits(1);
  await it.page.evaluate(() => {
    pass(6);
    history.pushState(null, '', '/next');
    pass(2);
  });
  await it.page.click('#leave');
  await it.hits(5);
  expect(reportsBySeconds().map(([path, secs]) => [path, secs])).toEqual([
    ['/next', 2],
    ['/long', 6],
  ]);
  const views = it.named('pageview').map(({ url }) => new URL(url).pathname);
  expect(views.toSorted()).toEqual(['/long', '/next', '/short']);
});

test('a page that comes back from the cache begins anew', async () => {
  await mockAttention();
  await it.page.goto(`${it.fake.url}/short`);
  await it.page.evaluate(() => {
    turn({ hidden: true });
    pass(500);
    turn({ hidden: false });
    pass(9);
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    pass(1);
    turn({ hidden: true });
  });
  await it.fence();
  expect([it.named('pageview').length, reportsBySeconds()]).toEqual([
    2,
    [
      ['/short', 0, 100],
      ['/short', 1, 100],
    ],
  ]);
});

test('vitals come once, with the first view, when asked for', async () => {
  await it.page.goto(`${it.fake.url}/vitals`);
  // The observers of the tracker were there before: they know when this one does.
  await it.page.evaluate(() => {
    const observed = new Promise<void>((done) => {
      new PerformanceObserver((list) => {
        if (list.getEntries().some(({ name }) => name === 'click')) done();
      }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    });
    Object.assign(window, { observed });
  });
  await it.page.click('#slow');
  await it.page.evaluate(() => (window as unknown as { observed: Promise<void> }).observed);
  await it.page.evaluate(() => {
    history.pushState(null, '', '/second');
    history.pushState(null, '', '/third');
  });
  await it.fence();
  const [hit, ...more] = it.named('vitals');
  expect(more).toEqual([]);
  expect(new URL(hit!['url']).pathname).toBe('/vitals');
  const { LCP, CLS, INP, FCP, TTFB, ...unknown } = hit!['vitals'];
  expect(unknown).toEqual({});
  expect(TTFB).toBeGreaterThan(0);
  expect(FCP).toBeGreaterThanOrEqual(TTFB);
  expect(LCP).toBeGreaterThanOrEqual(FCP);
  expect(INP).toBeGreaterThanOrEqual(40);
  // The shift follows a click within half a second: it does not count.
  expect(CLS).toBe(0);
});

test('no vitals of a page that began in the background, nor unasked', async () => {
  await mockAttention();
  await it.page.goto(`${it.fake.url}/short`);
  await it.page.evaluate(() => turn({ hidden: true }));
  await it.page.addInitScript(() => Object.defineProperty(document, 'hidden', { get: () => true }));
  await it.page.goto(`${it.fake.url}/vitals`);
  await it.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await it.fence();
  expect(it.named('vitals')).toEqual([]);
});

const kept = () => it.page.evaluate(() => ({ ...localStorage }));

test('cohorts: one field on the first page view of a day, two dates on the device', async () => {
  await it.page.clock.setFixedTime('2026-11-21T12:00:00Z');
  await it.page.goto(`${it.fake.url}/cohorts`);
  await it.hits(1);
  await it.page.goto(`${it.fake.url}/cohorts`);
  await it.page.evaluate(() => history.pushState(null, '', '/next'));
  await it.hits(4);
  await it.page.clock.setFixedTime('2026-11-23T12:00:00Z');
  await it.page.evaluate(() => history.pushState(null, '', '/monday'));
  await expect.poll(() => it.named('pageview').length).toBe(4);
  expect(it.named('pageview').map(({ cohort }) => cohort)).toEqual([
    { first_week: '2026-11-16', first_this_week: true, first_this_month: true },
    undefined,
    undefined,
    { first_week: '2026-11-16', first_this_week: true, first_this_month: false },
  ]);
  expect(await kept()).toEqual({ headcount_cohort: '2026-11-16 2026-11-23' });
  expect(it.complaints).toEqual([]);
});

test.each([
  ['DNT', 'doNotTrack', '1'],
  ['GPC', 'globalPrivacyControl', true],
] as const)('cohorts are off under %s, and counting goes on', async (_, name, value) => {
  await it.page.addInitScript(
    ([name, value]) => Object.defineProperty(Navigator.prototype, name, { get: () => value }),
    [name, value] as const,
  );
  await it.page.goto(`${it.fake.url}/cohorts`);
  expect((await it.hits(1)).map((hit) => [hit['name'], 'cohort' in hit])).toEqual([['pageview', false]]);
  expect(await kept()).toEqual({});
});

test('cohorts are off unless asked for, for who opted out, and where nothing can be kept', async () => {
  await it.page.goto(`${it.fake.url}/short`);
  await it.hits(1);
  expect(await kept()).toEqual({});
  await it.page.evaluate(() => localStorage.setItem('headcount_ignore', 'true'));
  await it.page.goto(`${it.fake.url}/cohorts`);
  await it.page.evaluate(() => window.headcount?.('ignored'));
  expect(await kept()).toEqual({ headcount_ignore: 'true' });
  await it.page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    localStorage.removeItem('headcount_ignore');
  });
  await it.page.goto(`${it.fake.url}/cohorts`);
  await expect.poll(() => it.named('pageview').length).toBe(2);
  expect(it.fake.state.hits.filter((hit) => 'cohort' in hit)).toEqual([]);
  expect(it.complaints).toEqual([]);
});

test('page views are counted when the part for cohorts cannot be had', async () => {
  await it.page.route('**/hc.cohorts.js', (route) => route.abort());
  await it.page.goto(`${it.fake.url}/cohorts`);
  expect((await it.hits(1)).map((hit) => [hit['name'], 'cohort' in hit])).toEqual([['pageview', false]]);
});
