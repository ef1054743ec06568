/** The tracker in a browser, against a server that only remembers what it was sent. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { complaintsOf, launch } from './chromium.ts';
import { startFake } from './fake/server.mjs';

type Fake = Awaited<ReturnType<typeof startFake>>;

const SCRIPT = '<script defer src="/hc.js" data-site="shop"></script>';
const page_ = (body: string, head = SCRIPT) => `<!doctype html><title>t</title>${head}<body>${body}</body>`;

const PAGES: Record<string, string> = {
  '/a': page_('<a href="/b" data-hc-event="leave" id="leave">b</a>'),
  '/b': page_('b'),
  '/twice': page_('', SCRIPT + SCRIPT),
  '/blocking': page_('', '<script src="/hc.js" data-site="shop"></script>'),
  '/late': page_('', '<script src="/late.js"></script>'),
  '/late.js': `const s = document.createElement('script'); s.src = '/hc.js'; s.dataset.site = 'shop'; document.head.append(s);`,
  '/queue': page_('', `<script src="/queue.js"></script>${SCRIPT}`),
  '/queue.js': `window.headcount = window.headcount || function () { (headcount.q = headcount.q || []).push(arguments) };
    headcount('early', { props: { step: 1 } }); headcount('earlier');`,
  '/buttons': page_(`
    <button data-hc-event="signup" data-hc-prop-plan="pro" data-hc-prop-billing-cycle="yearly" id="nested"><b><i>Go</i></b></button>
    <div data-hc-event="card" id="stopped">stopped</div>
    <form data-hc-event="subscribe" id="form" action="javascript:void 0"><input name="q" id="field"><button id="submit">Send</button></form>
    <script src="/buttons.js"></script>`),
  '/buttons.js': `document.getElementById('stopped').addEventListener('click', (e) => e.stopImmediatePropagation(), true);
    document.getElementById('form').addEventListener('submit', (e) => e.preventDefault());`,
};

let browser: Browser;
let fake: Fake;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

beforeEach(async () => {
  fake = await startFake({ pages: PAGES });
  context = await browser.newContext({ viewport: { width: 1024, height: 700 } });
  page = await context.newPage();
  complaints = complaintsOf(page);
});
afterEach(async () => {
  await context.close();
  await fake.stop();
});

const names = () => fake.state.hits.map(({ name }) => name);
/** What came, once as many hits came as are expected; a later surplus shows in the next assertion on `names`. */
const hits = async (count: number) => {
  await expect.poll(() => fake.state.hits.length).toBeGreaterThanOrEqual(count);
  return fake.state.hits;
};
/** A last event as a fence: when it arrived, everything sent before it was seen, and nothing more will come. */
const fence = async () => {
  await page.evaluate(() => window.headcount?.('fence'));
  await expect.poll(() => names().includes('fence')).toBe(true);
  return names().filter((name) => name !== 'fence');
};

test('a beacon ends well in the network panel', async () => {
  const ended: string[] = [];
  page.on('requestfinished', (request) => ended.push(`${new URL(request.url()).pathname} finished`));
  page.on('requestfailed', (request) => ended.push(`${new URL(request.url()).pathname} failed`));
  await page.goto(`${fake.url}/a`);
  await expect.poll(() => ended.filter((line) => line.startsWith('/e '))).toEqual(['/e finished']);
});

test('a page view says where, from where and how wide, and leaves nothing behind', async () => {
  await page.goto(`${fake.url}/a?utm_source=news&q=1#part`);
  expect(await hits(1)).toEqual([
    {
      type: 'text/plain;charset=UTF-8',
      site: 'shop',
      name: 'pageview',
      url: `${fake.url}/a?utm_source=news&q=1`,
      referrer: '',
      w: 1024,
    },
  ]);
  const kept = await page.evaluate(async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
  }));
  expect(kept).toEqual({ cookie: '', local: 0, session: 0, databases: 0 });
  expect(complaints).toEqual([]);
});

test('cookies of the collector stay at home', async () => {
  await context.addCookies([{ name: 'headcount_session', value: 'secret', url: fake.url }]);
  await page.goto(`${fake.url}/a`);
  await hits(1);
  expect(fake.state.seen.cookies).toEqual([]);
});

test('an event on a link survives the page it leads away from; the next page names its referrer', async () => {
  await page.goto(`${fake.url}/a`);
  await page.click('#leave');
  await hits(4);
  expect(names().toSorted()).toEqual(['engagement', 'leave', 'pageview', 'pageview']);
  const second = fake.state.hits.find(({ url }) => url.endsWith('/b'));
  expect(second?.['referrer']).toBe(`${fake.url}/a`);
});

test.each(['/twice', '/blocking', '/late'])('%s counts once', async (path) => {
  await page.goto(fake.url + path);
  await page.waitForFunction(() => window.headcount);
  expect(await fence()).toEqual(['pageview']);
  expect(fake.state.hits.map(({ site }) => site)).toEqual(['shop', 'shop']);
  expect(complaints).toEqual([]);
});

test('history: a new path counts with the last page as referrer, the same path does not', async () => {
  await page.goto(`${fake.url}/a`);
  await hits(1);
  await page.evaluate(() => {
    history.pushState(null, '', '/a?tab=2');
    history.replaceState(null, '', '/a#x');
    history.pushState(null, '', '/next');
  });
  await page.goBack();
  await page.evaluate(() => (location.hash = 'y'));
  await fence();
  const views = fake.state.hits.filter(({ name }) => name === 'pageview').map(({ url, referrer }) => [url, referrer]);
  expect(views).toEqual([
    [`${fake.url}/a`, ''],
    [`${fake.url}/next`, `${fake.url}/a`],
    [`${fake.url}/a`, `${fake.url}/next`],
  ]);
});

test('an event has the referrer of the view it happens on', async () => {
  await page.goto(`${fake.url}/b`);
  await page.evaluate(() => location.assign('/a'));
  await hits(3);
  await page.evaluate(() => {
    window.headcount?.('first');
    history.pushState(null, '', '/next');
    window.headcount?.('second');
  });
  await fence();
  const referrerOf = (event: string) => fake.state.hits.find(({ name }) => name === event)?.['referrer'];
  expect([referrerOf('first'), referrerOf('second')]).toEqual([`${fake.url}/b`, `${fake.url}/a`]);
});

test('a page restored from the back/forward cache counts again', async () => {
  await page.goto(`${fake.url}/a`);
  await page.evaluate(() => {
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  expect(await fence()).toEqual(['pageview', 'pageview']);
});

test('a prerendered page counts when it is shown', async () => {
  await page.addInitScript(() => {
    let hidden = true;
    Object.defineProperty(document, 'prerendering', { get: () => hidden });
    addEventListener('show', () => {
      hidden = false;
      document.dispatchEvent(new Event('prerenderingchange'));
    });
  });
  await page.goto(`${fake.url}/a`, { waitUntil: 'load' });
  await page.evaluate(() => fetch('/e', { method: 'POST', body: '{"name":"marker"}' }));
  expect(names()).toEqual(['marker']);
  await page.evaluate(() => dispatchEvent(new Event('show')));
  expect(await fence()).toEqual(['marker', 'pageview']);
});

test('calls made before the script came are sent, after the page view', async () => {
  await page.goto(`${fake.url}/queue`);
  const sent = (await hits(3)).map(({ name, props }) => [name, props]);
  expect(sent.toSorted()).toEqual([
    ['earlier', undefined],
    ['early', { step: 1 }],
    ['pageview', undefined],
  ]);
});

test('attributes: nested elements, the keyboard, stopped clicks, forms once', async () => {
  await page.goto(`${fake.url}/buttons`);
  await hits(1);
  await page.click('#nested i');
  await page.focus('#nested');
  await page.keyboard.press('Enter');
  await page.click('#stopped');
  await page.click('#field');
  await page.click('#submit');
  await fence();
  const events = fake.state.hits.filter(({ name }) => name !== 'pageview' && name !== 'fence');
  const plan = { plan: 'pro', 'billing-cycle': 'yearly' };
  expect(events.map(({ name, props }) => [name, props])).toEqual([
    ['signup', plan],
    ['signup', plan],
    ['card', {}],
    ['subscribe', {}],
  ]);
});

test('opted-out browsers send nothing', async () => {
  await page.addInitScript(() => localStorage.setItem('headcount_ignore', 'true'));
  await page.goto(`${fake.url}/buttons`);
  await page.click('#nested');
  await page.evaluate(() => {
    window.headcount?.('silent');
    localStorage.removeItem('headcount_ignore');
  });
  expect(await fence()).toEqual([]);
});

test('the page never notices: broken fetch, forbidden storage, props that are no JSON', async () => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('no', 'SecurityError');
      },
    });
  });
  await page.goto(`${fake.url}/a`);
  await hits(1);
  await page.evaluate(() => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    window.headcount?.('cyclic', { props: cyclic });
    window.headcount?.('');
    const real = window.fetch;
    window.fetch = () => {
      throw new Error('broken');
    };
    window.headcount?.('broken');
    window.fetch = () => Promise.reject(new Error('offline'));
    window.headcount?.('offline');
    window.fetch = real;
  });
  expect(await fence()).toEqual(['pageview']);
  expect(complaints).toEqual([]);
});

test('another origin under a strict policy of its own: one pageview, no preflight, no complaint', async () => {
  const shop = await startFake({
    pages: { '/': page_('', `<script defer src="${fake.url}/hc.js" data-site="shop"></script>`) },
    pagePolicy: `default-src 'none'; script-src ${fake.url}; connect-src ${fake.url}`,
  });
  await page.goto(`${shop.url}/`);
  expect((await hits(1)).map(({ site, url }) => [site, url])).toEqual([['shop', `${shop.url}/`]]);
  expect(complaints).toEqual([]);
  await shop.stop();
});

test('without scripts the demo is counted by its picture', async () => {
  const bare = await browser.newContext({ javaScriptEnabled: false });
  await (await bare.newPage()).goto(`${fake.url}/demo/`);
  await expect.poll(() => fake.state.seen.pixels).toBe(1);
  await bare.close();
});

test('the demo: a click on the button, history on the features page', async () => {
  await page.goto(`${fake.url}/demo/`);
  await page.click('#sign-up');
  await page.goto(`${fake.url}/demo/features.html`);
  await page.getByRole('link', { name: 'Listen' }).click();
  await page.getByRole('heading', { name: 'Listen' }).waitFor();
  await fence();
  const got = fake.state.hits.map(({ name, url, props }) => [name, new URL(url).pathname, props]);
  expect(got.filter(([name]) => name !== 'fence' && name !== 'engagement')).toEqual([
    ['pageview', '/demo/', undefined],
    ['signup', '/demo/', { plan: 'free' }],
    ['pageview', '/demo/features.html', undefined],
    ['pageview', '/demo/features/listen', undefined],
  ]);
  expect(complaints).toEqual([]);
});
