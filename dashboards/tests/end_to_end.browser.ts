/** The promise of the first page of the README, with the real binary and a real browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { complaintsOf, expectAccessible, launch, picture } from './chromium.ts';
import { hasCollector, startCollector, type Collector } from './collector.ts';

const PASSWORD = 'nine brown pigeons';
/** What the contract allows between a hit and its number, and the slowness of a busy test machine. */
const SOON = { timeout: 30_000 };

test.runIf(process.env['CI'])('a collector is there to be tested', () => {
  expect(hasCollector()).toBe(true);
});

describe.skipIf(!hasCollector())('from a page to its number', () => {
  let collector: Collector;
  let browser: Browser;
  let owner: Page;
  let complaints: string[];

  beforeAll(async () => {
    [collector, browser] = await Promise.all([startCollector(), launch()]);
    owner = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    complaints = complaintsOf(owner);
  });
  afterAll(async () => {
    await browser?.close();
    await collector?.stop();
  });

  test('the one-time link sets the owner’s password and shows an empty site', async () => {
    await owner.goto(collector.signInLink);
    await owner.getByLabel('New password').fill(PASSWORD);
    await owner.getByRole('button', { name: 'Set password and sign in' }).click();
    await owner.waitForURL(`${collector.url}/s/demo`);
    await owner.getByRole('heading', { name: 'Waiting for the first hit' }).waitFor();
    await expectAccessible(owner);
  });

  test('a visit of the demo and a click become one visitor, a page and a feature', async () => {
    const visitor = await (await browser.newContext()).newPage();
    await visitor.goto(`${collector.url}/demo/`);
    await visitor.click('#sign-up');
    await visitor.getByText('Thank you!').waitFor();

    const number = (measure: string) => owner.locator(`[data-measure="${measure}"]`).getAttribute('title');
    const rows = (panel: string) => owner.locator(`[data-panel="${panel}"] tbody tr`).allInnerTexts();
    const seen = async () => ({
      numbers: await Promise.all(['visitors', 'visits', 'pageviews'].map(number)),
      pages: await rows('pages'),
    });
    await owner.locator('[data-panel="pages"] tbody tr').first().waitFor(SOON);
    await expect.poll(seen, SOON).toEqual({
      numbers: ['1', '1', '1'],
      pages: [expect.stringMatching(/^\/demo\/?\s+1\s+1$/)],
    });
    await owner.locator('.now.on').waitFor();
    await picture(owner, 'end-to-end');
    await expectAccessible(owner);
    expect(complaints).toEqual([]);
  });

  test('how a page is read, a purchase and the vitals of its load become numbers', async () => {
    const reader = await (await browser.newContext()).newPage();
    await reader.clock.install();
    await reader.goto(`${collector.url}/demo/blog/long-read.html`);
    await reader.clock.fastForward(7_000);
    await reader.getByRole('link', { name: 'Read the first post' }).scrollIntoViewIfNeeded();
    await reader.goto(`${collector.url}/demo/pricing.html`);
    await reader.getByRole('button', { name: 'Choose Library' }).click();

    const post = (query: object) =>
      owner.evaluate(async (query) => {
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify({ site_id: 'demo', date_range: 'day', ...query });
        return (await (await fetch('/api/v2/query', { method: 'POST', headers, body })).json()).results;
      }, query);
    const read = async () => {
      const rows = await post({ metrics: ['time_on_page', 'scroll_depth'], dimensions: ['event:page'] });
      return rows.find((row: { dimensions: string[] }) => row.dimensions[0] === '/demo/blog/long-read.html')?.metrics;
    };
    // Seconds of the test machine come on top of the clock's.
    const [seconds, depth] = [(secs: number) => secs >= 7 && secs < 60, (percent: number) => percent > 80];
    await expect.poll(read, SOON).toEqual([expect.toSatisfy(seconds), expect.toSatisfy(depth)]);
    await expect
      .poll(() => post({ metrics: ['total_revenue'] }), SOON)
      .toEqual([{ dimensions: [], metrics: [9] }]);
    const vitals = () =>
      owner.evaluate(async () => {
        const answer = await (await fetch('/api/v1/vitals?site=demo&date_range=day')).json();
        return answer.vitals.map(({ name }: { name: string }) => name).toSorted();
      });
    await expect.poll(vitals, SOON).toEqual(expect.arrayContaining(['CLS', 'FCP', 'LCP', 'TTFB']));
  });

  test('the link works once; the password works again', async () => {
    const other = await (await browser.newContext()).newPage();
    await other.goto(collector.signInLink);
    await other.getByText('This link was used or has expired.').waitFor();
    await other.getByLabel('Password').fill('not the password');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByText('User and password do not match.').waitFor();
    await other.getByLabel('Password').fill(PASSWORD);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.locator('[data-measure="visitors"]').waitFor();
  });

  test('nobody sees numbers without signing in', async () => {
    const stranger = await (await browser.newContext()).newPage();
    const said = complaintsOf(stranger);
    for (const path of ['/s/demo', '/s/demo/funnels', '/']) {
      await stranger.goto(collector.url + path);
      await stranger.getByLabel('Password').waitFor();
      await stranger.waitForLoadState('networkidle');
      expect(await stranger.locator('[data-measure]').count()).toBe(0);
    }
    expect(said).toEqual([]);
  });

  test('who signs out in one tab is signed out in the others, without an error', async () => {
    const other = await owner.context().newPage();
    for (const path of ['/s/demo/funnels', '/s/demo?range=2026-11-01..2026-11-05']) {
      await owner.goto(collector.url + path);
      await owner.locator('main h2').first().waitFor();
      await other.goto(`${collector.url}/s/demo`);
      await other.getByRole('button', { name: 'Account and appearance' }).click();
      await other.getByRole('menuitem', { name: 'Sign out' }).click();
      await owner.getByLabel('Password').fill(PASSWORD);
      await owner.getByRole('button', { name: 'Sign in' }).click();
      await owner.waitForURL(collector.url + path);
      await owner.getByLabel('Password').waitFor({ state: 'detached' });
    }
    expect(complaints).toEqual([]);
  });
});
