/** Real clients of other products, unmodified, against the real collector: what each of them sends is counted once, also when
 *  a request was refused and the next answer lost, and nothing of whom it was about is kept. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { APPS } from './apps.mjs';
import { Browser } from './harness/browser.mjs';
import { run } from './harness/child.mjs';
import { Collector, until } from './harness/collector.mjs';
import { MARK, idsIn, idsSent, marksIn } from './harness/marks.mjs';
import { Proxy } from './harness/proxy.mjs';
import { SITES } from './sites.mjs';

const ONLY = process.env.COMPAT_ONLY ?? '';
const [apps, sites] = [APPS, SITES].map((all) => all.filter(({ name }) => name.includes(ONLY)));
/** As many at a time: they mostly wait. */
const concurrency = Number(process.env.COMPAT_AT_ONCE ?? 8);

/** @type {Collector} */
let collector;
/** @type {Browser} */
let browser;
const tokens = [];
const proxies = [];

const siteOf = (client, trouble) => `${client.name}-${trouble ? 'troubled' : 'plain'}`.replace(/[^a-z0-9]+/g, '-');
const tokenOf = (client, trouble) => client.token(siteOf(client, trouble));

before(async () => {
  collector = await Collector.start();
  const clients = [...apps, ...sites].flatMap((client) => [false, true].map((trouble) => [client, trouble]));
  await collector.addSites(
    clients.map(([client, trouble]) => ({
      site: siteOf(client, trouble),
      accept: `${client.dialect}:${tokenOf(client, trouble)}`,
    })),
  );
  if (sites.length > 0) browser = await Browser.start(sites.map(({ page }) => page));
});
after(async () => {
  await browser?.stop();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await collector?.stop();
});

/** A client's own site, and a proxy before the collector. */
async function prepared(client, trouble) {
  const [site, token] = [siteOf(client, trouble), tokenOf(client, trouble)];
  const proxy = await Proxy.start(collector.url, trouble);
  tokens.push(token);
  proxies.push(proxy);
  return { site, token, proxy };
}

const sumOf = ({ pages, events }) =>
  [pages, events].flatMap(Object.values).reduce((all, count) => all + count, 0);

/** Waits until a site has counted as much as is wanted; what it has counted then, the assertions tell. */
const counts = (site, wanted) =>
  until('counted', async () => (await collector.total(site)) >= wanted, 90_000).catch(() => {});

/** What a site has counted when nothing can come any more. */
async function countedOf(site, wanted) {
  await counts(site, sumOf(wanted));
  await collector.settled(site);
  return collector.counted(site, Object.keys(wanted.props ?? {}));
}

/** That trouble was met, and not for ever. */
function expectTrouble(proxy, { requests }) {
  assert.deepEqual(proxy.passed.map(({ trouble }) => trouble).slice(0, 2), ['refuse', 'lose']);
  assert.ok(proxy.passed.length <= requests + 2, `${proxy.passed.length} requests`);
}

describe('clients', { concurrency }, () => {
  for (const app of apps) {
    test(`${app.name}: what it sends is counted once`, async () => {
      const { site, token, proxy } = await prepared(app, false);
      const { failures, said } = await run(app.program, proxy.url, token);
      assert.deepEqual(failures, []);
      assert.match(said, app.says ?? /^$/);
      assert.deepEqual(await countedOf(site, app.counted), app.counted);
      assert.ok(proxy.passed.every(({ status }) => status < 300));
      assert.ok(proxy.passed.length <= app.requests, `${proxy.passed.length} requests`);
    });
    test(`${app.name}: after a refusal and a lost answer`, async () => {
      const { site, token, proxy } = await prepared(app, true);
      const { failures, said } = await run(app.program, proxy.url, token);
      const wanted = app.sendsAgain ? app.counted : app.countedWithoutFirst;
      assert.equal(failures.length, app.sendsAgain ? 0 : (app.failures ?? 2), `${failures}\n${said}`);
      assert.deepEqual(await countedOf(site, wanted), wanted);
      expectTrouble(proxy, app);
    });
    test(`${app.name}: gives up over a key that no site accepts`, async () => {
      const proxy = await Proxy.start(collector.url, false);
      proxies.push(proxy);
      const { failures } = await run(app.program, proxy.url, app.token('nobody'));
      assert.equal(failures.length > 0, app.isTold ?? true, failures.join('\n'));
      assert.ok(proxy.passed.length > 0 && proxy.passed.length <= app.requests, `${proxy.passed.length} requests`);
    });
  }

  /** Somebody looks at two pages, each until what it sends is counted, and leaves. */
  async function visited(client, trouble) {
    const { site, token, proxy } = await prepared(client, trouble);
    const wanted = trouble && !client.sendsAgain ? client.countedWithoutFirst : client.counted;
    const visitor = await browser.visitor(client.page, proxy.url, token);
    await visitor.open(`/pricing?email=jane.${MARK}%40mail.test&utm_source=news`);
    await counts(site, sumOf(wanted) - 1);
    await visitor.open('/help');
    await counts(site, sumOf(wanted));
    await visitor.page.goto('about:blank');
    assert.deepEqual(await countedOf(site, wanted), wanted);
    assert.deepEqual(visitor.raised, []);
    await visitor.context.close();
    return { visitor, proxy };
  }
  for (const client of sites) {
    test(`${client.name}: what it sends is counted once`, async () => {
      const { visitor, proxy } = await visited(client, false);
      assert.deepEqual(visitor.failures, []);
      assert.deepEqual(new Set(visitor.asked), new Set([browser.origin, proxy.url]), 'nobody else is asked');
      assert.ok(proxy.passed.every(({ status }) => status < 300));
      assert.ok(proxy.passed.length <= client.requests, `${proxy.passed.length} requests`);
    });
    test(`${client.name}: after a refusal and a lost answer`, async () => {
      const { proxy } = await visited(client, true);
      expectTrouble(proxy, client);
    });
    test(`${client.name}: gives up over a key that no site accepts`, async () => {
      const proxy = await Proxy.start(collector.url, false);
      proxies.push(proxy);
      const visitor = await browser.visitor(client.page, proxy.url, client.token('nobody'));
      await visitor.open('/pricing');
      const { firstPage = 1 } = client;
      const answered = () => proxy.passed.filter(({ status }) => status).length;
      await until('all of the first page is answered', () => answered() >= Math.max(firstPage, proxy.passed.length));
      await visitor.open('/help');
      await visitor.context.close();
      assert.deepEqual(visitor.raised, []);
      assert.ok(proxy.passed.length <= client.requests, `${proxy.passed.length} requests`);
    });
  }
});

describe('what clients said of people', () => {
  test('is in no answer, no table, no log and no file', async () => {
    const sent = proxies.flatMap((proxy) => proxy.sent);
    assert.ok(sent.some((bytes) => marksIn(bytes).length > 0), 'the search would find something');
    const ids = new Set(sent.flatMap((bytes) => [...idsSent(bytes)]));
    // Tokens are in the registry: the owner wrote them there.
    tokens.forEach((token) => ids.delete(token.toLowerCase()));
    assert.ok(ONLY || ids.size > 100, `ids that clients made up: ${ids.size}`);
    const found = new Set();
    const look = (place, bytes) => {
      marksIn(bytes).forEach((mark) => found.add(`${place}: ${mark}`));
      for (const id of idsIn(bytes)) if (ids.has(id)) found.add(`${place}: ${id}`);
    };
    const lookAtFiles = async (when) => {
      for (const [path, bytes] of await collector.files()) {
        look(`${path} ${when}`, bytes);
        look(`the name of ${path}`, Buffer.from(path));
      }
    };
    proxies.flatMap((proxy) => proxy.answers).forEach((answer) => look('an answer', answer));
    const tables = await collector.tables();
    assert.ok(tables.some((rows) => rows.includes('signup')), 'the tables are those with the counts');
    tables.forEach((rows) => look('a table', rows));
    look('metrics', Buffer.from(await collector.metrics()));
    await lookAtFiles('while it runs');
    await collector.end();
    await lookAtFiles('after its end');
    assert.deepEqual([...found], []);
  });
});
