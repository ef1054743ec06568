/** What the tracker counts by itself: links, downloads, forms, error pages, hash routes. */
import { expect, test } from 'vitest';
import { html, tag, trackerTests } from './tracker_page.ts';

/** Links and forms lead nowhere, so that one page can be clicked through. */
const STAY = `document.addEventListener('click', (event) => event.target.closest?.('a') && event.preventDefault());
  document.addEventListener('submit', (event) => event.preventDefault());`;

const it = trackerTests({
  '/links': html(`
    <a id="inside" href="/b?q=1">inside</a>
    <a id="outside" href="https://other.example:8443/path/x?token=1#part"><b>outside</b></a>
    <a id="tab" href="http://127.0.0.1:1/tab" target="_blank">tab</a>
    <a id="mail" href="mailto:jane@files.zip">mail</a>
    <a id="app" href="whatsapp://send/x.zip?text=hello">app</a>
    <a id="bare">bare</a>
    <a id="named" href="https://other.example/" data-hc-event="partner" data-hc-prop-who="other">named</a>
    <div data-hc-event="card"><a id="carded" href="https://other.example/card">card</a></div>
    <a id="file" href="/files/Report.PDF?v=2">file</a>
    <a id="marked" href="/export" download>marked</a>
    <a id="elsewhere" href="https://cdn.example/app.zip">elsewhere</a>
    <a id="page" href="/topics/next.js">page</a>
    <script src="/stay.js"></script>`),
  '/forms': html(`
    <form id="by-id"><input name="id" value="secret"><input name="action"><button id="b1">go</button></form>
    <form name="by-name" action="/x"><input name="q" value="secret"><button id="b2">go</button></form>
    <form action="/by/action?token=1"><input type="password" value="secret"><button id="b3">go</button></form>
    <form data-hc-event="own" data-hc-prop-list="news"><button id="b4">go</button></form>
    <form id="invalid"><input required><button id="b5">go</button></form>
    <script src="/stay.js"></script>`),
  '/stay.js': STAY,
  '/leave': html('<a id="out" href="/elsewhere">out</a>'),
  '/elsewhere': html('', ''),
  '/missing': html('Nothing here', tag('data-404')),
  '/app/': html('<a id="anchor" href="#/settings/profile">settings</a>', tag('data-hash')),
  '/anchors': html('<a id="anchor" href="#part">part</a>'),
});

/** Everything but page views and reports. */
const events = async () => {
  await it.fence();
  return it.fake.state.hits
    .filter(({ name }) => !['pageview', 'engagement', 'fence'].includes(name))
    .map(({ name, props }) => [name, props]);
};
const views = () => it.named('pageview').map(({ url, referrer }) => [url, referrer].map((at) => at.replace(it.fake.url, '')));

test('links: outbound by host and path, files by extension or attribute, own names first', async () => {
  await it.page.goto(`${it.fake.url}/links`);
  for (const id of ['inside', 'outside', 'mail', 'app', 'bare', 'named', 'carded', 'file', 'marked', 'elsewhere', 'page'])
    await it.page.click(`#${id}`);
  expect(await events()).toEqual([
    ['outbound', { to: 'https://other.example:8443/path/x' }],
    ['partner', { who: 'other' }],
    ['card', {}],
    ['outbound', { to: 'https://other.example/card' }],
    ['download', { to: `${it.fake.url}/files/Report.PDF` }],
    ['download', { to: `${it.fake.url}/export` }],
    ['download', { to: 'https://cdn.example/app.zip' }],
  ]);
  expect(it.complaints).toEqual([]);
});

test('a new tab counts, by its target, by Ctrl and by the middle button; the right button does not', async () => {
  await it.page.goto(`${it.fake.url}/links`);
  await it.page.click('#tab', { button: 'right' });
  await it.page.click('#tab', { modifiers: ['Control'] });
  await it.page.click('#tab', { button: 'middle' });
  await it.page.click('#tab');
  expect(await events()).toEqual(Array(3).fill(['outbound', { to: 'http://127.0.0.1:1/tab' }]));
});

test('an outbound link is counted though the page goes', async () => {
  const other = it.fake.url.replace('127.0.0.1', 'localhost');
  await it.context.route(`${other}/**`, (route) => route.fulfill({ body: 'elsewhere' }));
  await it.page.goto(`${it.fake.url}/leave`);
  await it.page.evaluate((href) => document.getElementById('out')!.setAttribute('href', href), `${other}/away?x=1`);
  await it.page.click('#out');
  await expect.poll(() => it.named('outbound').map(({ props }) => props)).toEqual([{ to: `${other}/away` }]);
  await expect.poll(() => it.named('engagement').length).toBe(1);
});

test('forms: by id, name or action, never by what is in them', async () => {
  await it.page.goto(`${it.fake.url}/forms`);
  for (const id of ['b1', 'b2', 'b3', 'b4', 'b5']) await it.page.click(`#${id}`);
  expect(await events()).toEqual([
    ['form', { form: 'by-id' }],
    ['form', { form: 'by-name' }],
    ['form', { form: '/by/action' }],
    ['own', { list: 'news' }],
  ]);
  expect(JSON.stringify(it.fake.state.hits)).not.toContain('secret');
  expect(it.complaints).toEqual([]);
});

test('an error page says so by an attribute', async () => {
  await it.page.goto(`${it.fake.url}/missing`);
  expect(await events()).toEqual([['404', undefined]]);
  expect(it.named('404').map(({ url }) => url)).toEqual([`${it.fake.url}/missing`]);
  expect(views()).toEqual([['/missing', '']]);
});

test('hash routes are pages when asked for', async () => {
  await it.page.goto(`${it.fake.url}/app/?utm_source=news#/inbox`);
  await it.page.click('#anchor');
  await it.page.evaluate(() => history.pushState(null, '', '#/settings/profile'));
  await it.page.evaluate(() => history.pushState(null, '', '#faq'));
  await it.page.goBack();
  await it.fence();
  expect(views()).toEqual([
    ['/app/inbox?utm_source=news', ''],
    ['/app/settings/profile?utm_source=news', '/app/inbox?utm_source=news'],
    ['/app/faq?utm_source=news', '/app/settings/profile?utm_source=news'],
    ['/app/settings/profile?utm_source=news', '/app/faq?utm_source=news'],
  ]);
  expect(it.named('engagement').map(({ url }) => new URL(url).pathname)).toEqual([
    '/app/inbox',
    '/app/settings/profile',
    '/app/faq',
  ]);
});

test('anchors are no pages unless asked for', async () => {
  await it.page.goto(`${it.fake.url}/anchors#top`);
  await it.page.click('#anchor');
  await it.fence();
  expect(views()).toEqual([['/anchors', '']]);
});

test('revenue goes with properties or alone; properties may stand by themselves', async () => {
  await it.page.goto(`${it.fake.url}/anchors`);
  await it.page.evaluate(() => {
    const revenue = { amount: 19.9, currency: 'EUR' };
    window.headcount?.('purchase', { revenue, props: { plan: 'pro' } });
    window.headcount?.('tip', { revenue });
    window.headcount?.('search', { results: 3, found: true });
    window.headcount?.('plain');
  });
  await it.fence();
  const got = it.fake.state.hits.filter(({ name }) => !['pageview', 'fence'].includes(name));
  const byName = got.map(({ name, props, revenue }) => [name, props, revenue]).toSorted(([a], [b]) => a.localeCompare(b));
  expect(byName).toEqual([
    ['plain', undefined, undefined],
    ['purchase', { plan: 'pro' }, { amount: 19.9, currency: 'EUR' }],
    ['search', { results: 3, found: true }, undefined],
    ['tip', undefined, { amount: 19.9, currency: 'EUR' }],
  ]);
});

test('clicks on what is no element, and synthetic ones, do not harm', async () => {
  await it.page.goto(`${it.fake.url}/forms`);
  await it.page.evaluate(() => {
    document.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    document.getElementById('b1')!.dispatchEvent(new Event('click', { bubbles: true }));
    dispatchEvent(new Event('submit'));
  });
  expect(await events()).toEqual([]);
  expect(it.complaints).toEqual([]);
});
