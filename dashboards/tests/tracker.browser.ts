/** The tracker in a browser, against a server that only remembers what it was sent. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { startFake } from './fake/server.mjs';
import { html, tag, trackerTests } from './tracker_page.ts';

const it = trackerTests({
  '/a': html('<a href="/b" data-hc-event="leave" id="leave">b</a>'),
  '/b': html('b'),
  '/twice': html('', tag() + tag()),
  '/blocking': html('', '<script src="/hc.js" data-site="shop"></script>'),
  '/late': html('', '<script src="/late.js"></script>'),
  '/late.js': `const s = document.createElement('script'); s.src = '/hc.js'; s.dataset.site = 'shop'; document.head.append(s);`,
  '/queue': html('', `<script src="/queue.js"></script>${tag()}`),
  '/queue.js': `window.headcount = window.headcount || function () { (headcount.q = headcount.q || []).push(arguments) };
    headcount('early', { props: { step: 1 } }); headcount('earlier');`,
  '/buttons': html(`
    <button data-hc-event="signup" data-hc-prop-plan="pro" data-hc-prop-billing-cycle="yearly" id="nested"><b><i>Go</i></b></button>
    <div data-hc-event="card" id="stopped">stopped</div>
    <form data-hc-event="subscribe" id="form" action="javascript:void 0"><input name="q" id="field"><button id="submit">Send</button></form>
    <script src="/buttons.js"></script>`),
  '/buttons.js': `document.getElementById('stopped').addEventListener('click', (e) => e.stopImmediatePropagation(), true);
    document.getElementById('form').addEventListener('submit', (e) => e.preventDefault());`,
});
const { names, hits, fence } = it;

test('a beacon ends well in the network panel', async () => {
  const ended: string[] = [];
  it.page.on('requestfinished', (request) => ended.push(`${new URL(request.url()).pathname} finished`));
  it.page.on('requestfailed', (request) => ended.push(`${new URL(request.url()).pathname} failed`));
  await it.page.goto(`${it.fake.url}/a`);
  await expect.poll(() => ended.filter((line) => line.startsWith('/e '))).toEqual(['/e finished']);
});

test('a page view says where, from where and how wide, and leaves nothing behind', async () => {
  await it.page.goto(`${it.fake.url}/a?utm_source=news&q=1#part`);
  expect(await hits(1)).toEqual([
    {
      type: 'text/plain;charset=UTF-8',
      site: 'shop',
      name: 'pageview',
      url: `${it.fake.url}/a?utm_source=news&q=1`,
      referrer: '',
      w: 1024,
    },
  ]);
  const kept = await it.page.evaluate(async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
  }));
  expect(kept).toEqual({ cookie: '', local: 0, session: 0, databases: 0 });
  expect(it.complaints).toEqual([]);
});

test('cookies of the collector stay at home', async () => {
  await it.context.addCookies([{ name: 'headcount_session', value: 'secret', url: it.fake.url }]);
  await it.page.goto(`${it.fake.url}/a`);
  await hits(1);
  expect(it.fake.state.seen.cookies).toEqual([]);
});

test('an event on a link survives the page it leads away from; the next page names its referrer', async () => {
  await it.page.goto(`${it.fake.url}/a`);
  await it.page.click('#leave');
  await hits(4);
  expect(names().toSorted()).toEqual(['engagement', 'leave', 'pageview', 'pageview']);
  const second = it.fake.state.hits.find(({ url }) => url.endsWith('/b'));
  expect(second?.['referrer']).toBe(`${it.fake.url}/a`);
});

test.each(['/twice', '/blocking', '/late'])('%s counts once', async (path) => {
  await it.page.goto(it.fake.url + path);
  await it.page.waitForFunction(() => window.headcount);
  expect(await fence()).toEqual(['pageview']);
  expect(it.fake.state.hits.map(({ site }) => site)).toEqual(['shop', 'shop']);
  expect(it.complaints).toEqual([]);
});

test('history: a path that was replaced counts with the next thing that happens, once', async () => {
  await it.page.goto(`${it.fake.url}/a`);
  await hits(1);
  await it.page.evaluate(() => history.replaceState(null, '', '/home'));
  await it.page.mouse.click(5, 5);
  await it.page.mouse.click(5, 5);
  await fence();
  const views = it.fake.state.hits.filter(({ name }) => name === 'pageview').map(({ url, referrer }) => [url, referrer]);
  expect(views).toEqual([
    [`${it.fake.url}/a`, ''],
    [`${it.fake.url}/home`, `${it.fake.url}/a`],
  ]);
});

test('history: a new path counts with the last page as referrer, the same path does not', async () => {
  await it.page.goto(`${it.fake.url}/a`);
  await hits(1);
  await it.page.evaluate(() => {
    history.pushState(null, '', '/a?tab=2');
    history.replaceState(null, '', '/a#x');
    history.pushState(null, '', '/next');
  });
  await it.page.goBack();
  await it.page.evaluate(() => (location.hash = 'y'));
  await fence();
  const views = it.fake.state.hits.filter(({ name }) => name === 'pageview').map(({ url, referrer }) => [url, referrer]);
  expect(views).toEqual([
    [`${it.fake.url}/a`, ''],
    [`${it.fake.url}/next`, `${it.fake.url}/a`],
    [`${it.fake.url}/a`, `${it.fake.url}/next`],
  ]);
});

test('an event has the referrer of the view it happens on', async () => {
  await it.page.goto(`${it.fake.url}/b`);
  await it.page.evaluate(() => location.assign('/a'));
  await hits(3);
  await it.page.evaluate(() => {
    window.headcount?.('first');
    history.pushState(null, '', '/next');
    window.headcount?.('second');
  });
  await fence();
  const referrerOf = (event: string) => it.fake.state.hits.find(({ name }) => name === event)?.['referrer'];
  expect([referrerOf('first'), referrerOf('second')]).toEqual([`${it.fake.url}/b`, `${it.fake.url}/a`]);
});

test('a page restored from the back/forward cache counts again', async () => {
  await it.page.goto(`${it.fake.url}/a`);
  await it.page.evaluate(() => {
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  expect(await fence()).toEqual(['pageview', 'pageview']);
});

test('a prerendered page counts when it is shown', async () => {
  await it.page.addInitScript(() => {
    let hidden = true;
    Object.defineProperty(document, 'prerendering', { get: () => hidden });
    addEventListener('show', () => {
      hidden = false;
      document.dispatchEvent(new Event('prerenderingchange'));
    });
  });
  await it.page.goto(`${it.fake.url}/a`, { waitUntil: 'load' });
  await it.page.evaluate(() => fetch('/e', { method: 'POST', body: '{"name":"marker"}' }));
  expect(names()).toEqual(['marker']);
  await it.page.evaluate(() => dispatchEvent(new Event('show')));
  expect(await fence()).toEqual(['marker', 'pageview']);
});

test('calls made before the script came are sent, after the page view', async () => {
  await it.page.goto(`${it.fake.url}/queue`);
  const sent = (await hits(3)).map(({ name, props }) => [name, props]);
  expect(sent.toSorted()).toEqual([
    ['earlier', undefined],
    ['early', { step: 1 }],
    ['pageview', undefined],
  ]);
});

test('attributes: nested elements, the keyboard, stopped clicks, forms once', async () => {
  await it.page.goto(`${it.fake.url}/buttons`);
  await hits(1);
  await it.page.click('#nested i');
  await it.page.focus('#nested');
  await it.page.keyboard.press('Enter');
  await it.page.click('#stopped');
  await it.page.click('#field');
  await it.page.click('#submit');
  await fence();
  const events = it.fake.state.hits.filter(({ name }) => name !== 'pageview' && name !== 'fence');
  const plan = { plan: 'pro', 'billing-cycle': 'yearly' };
  expect(events.map(({ name, props }) => [name, props])).toEqual([
    ['signup', plan],
    ['signup', plan],
    ['card', {}],
    ['subscribe', {}],
  ]);
});

test('opted-out browsers send nothing', async () => {
  await it.page.addInitScript(() => localStorage.setItem('headcount_ignore', 'true'));
  await it.page.goto(`${it.fake.url}/buttons`);
  await it.page.click('#nested');
  await it.page.evaluate(() => {
    window.headcount?.('silent');
    localStorage.removeItem('headcount_ignore');
  });
  expect(await fence()).toEqual([]);
});

test('the page never notices: broken fetch, forbidden storage, props that are no JSON', async () => {
  await it.page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('no', 'SecurityError');
      },
    });
  });
  await it.page.goto(`${it.fake.url}/a`);
  await hits(1);
  await it.page.evaluate(() => {
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
  expect(it.complaints).toEqual([]);
});

test('another origin under a strict policy of its own: one pageview, no preflight, no complaint', async () => {
  const shop = await startFake({
    pages: { '/': html('', `<script defer src="${it.fake.url}/hc.js" data-site="shop"></script>`) },
    pagePolicy: `default-src 'none'; script-src ${it.fake.url}; connect-src ${it.fake.url}`,
  });
  await it.page.goto(`${shop.url}/`);
  expect((await hits(1)).map(({ site, url }) => [site, url])).toEqual([['shop', `${shop.url}/`]]);
  expect(it.complaints).toEqual([]);
  await shop.stop();
});

test('without scripts the demo is counted by its picture', async () => {
  const bare = await it.browser.newContext({ javaScriptEnabled: false });
  await (await bare.newPage()).goto(`${it.fake.url}/demo/`);
  await expect.poll(() => it.fake.state.seen.pixels).toBe(1);
  await bare.close();
});

test('the demo: a click on the button, history on the features page', async () => {
  await it.page.goto(`${it.fake.url}/demo/`);
  await it.page.click('#sign-up');
  await it.page.goto(`${it.fake.url}/demo/features.html`);
  await it.page.getByRole('link', { name: 'Listen' }).click();
  await it.page.getByRole('heading', { name: 'Listen' }).waitFor();
  await fence();
  const got = it.fake.state.hits.map(({ name, url, props }) => [name, new URL(url).pathname, props]);
  expect(got.filter(([name]) => !['fence', 'engagement', 'vitals'].includes(name))).toEqual([
    ['pageview', '/demo/', undefined],
    ['signup', '/demo/', { plan: 'free' }],
    ['pageview', '/demo/features.html', undefined],
    ['pageview', '/demo/features/listen', undefined],
  ]);
  expect(it.complaints).toEqual([]);
});

test('the demo: everything that counts by itself, a purchase, the error page', async () => {
  const { page, fake } = it;
  await it.context.route('https://www.w3.org/**', (route) => route.fulfill({ body: 'elsewhere' }));
  await page.goto(`${fake.url}/demo/`);
  await page.getByLabel('A form').fill('something private');
  await page.getByRole('button', { name: 'Suggest' }).click();
  await page.getByText('Counted, and thrown away.').waitFor();
  const file = page.waitForEvent('download');
  await page.getByRole('link', { name: 'A file to keep' }).click();
  expect((await file).suggestedFilename()).toBe('reading-list.csv');
  await page.getByRole('link', { name: 'A link to elsewhere' }).click();
  await page.goto(`${fake.url}/demo/pricing.html`);
  await page.getByRole('button', { name: 'Choose Reader' }).click();
  await page.getByText('One “purchase” of €4 was counted').waitFor();
  await page.goto(`${fake.url}/demo/404.html`);
  await fence();
  const got = fake.state.hits.filter(({ name }) => !['pageview', 'engagement', 'vitals', 'fence'].includes(name));
  expect(got.map(({ name, url, props, revenue }) => [name, new URL(url).pathname, props, revenue])).toEqual([
    ['form', '/demo/', { form: 'suggest' }, undefined],
    ['download', '/demo/', { to: `${fake.url}/demo/files/reading-list.csv` }, undefined],
    ['outbound', '/demo/', { to: 'https://www.w3.org/TR/tracking-dnt/' }, undefined],
    ['purchase', '/demo/pricing.html', { plan: 'reader' }, { amount: 4, currency: 'EUR' }],
    ['404', '/demo/404.html', undefined, undefined],
  ]);
  expect(JSON.stringify(fake.state.hits)).not.toContain('private');
  expect(it.complaints).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`the demo, ${colorScheme}, ${device}`, async () => {
      const { page, fake } = it;
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      for (const name of ['', 'pricing.html', 'blog/long-read.html', '404.html']) {
        await page.goto(`${fake.url}/demo/${name}`);
        await picture(page, `demo-${name.replace(/\W+/g, '-') || 'index'}-${colorScheme}-${device}`);
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
      expect(it.complaints).toEqual([]);
    });
  }
}
