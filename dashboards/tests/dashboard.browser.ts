/** The dashboard in a browser, against made-up numbers: every state, both themes, a phone, accessibility. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { complaintsOf, expectAccessible, launch, picture } from './chromium.ts';
import { startFake } from './fake/server.mjs';

type Fake = Awaited<ReturnType<typeof startFake>>;

let browser: Browser;
let fake: Fake;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

beforeEach(async () => {
  fake = await startFake();
});
afterEach(async () => {
  await page.context().close();
  await fake.stop();
});

async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  page = await context.newPage();
  complaints = complaintsOf(page);
  await page.goto(fake.url + path);
}

/** How far things moved while the page filled (cumulative layout shift). */
const shiftOf = (): Promise<number> =>
  new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
  });

const shown = () => page.locator('[data-panel="languages"] tbody tr').first().waitFor();

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`overview, ${colorScheme}, ${device}`, async () => {
      await open('/s/demo', { colorScheme, viewport: { width, height: 800 } });
      await shown();
      await page.locator('.curve canvas').waitFor();
      await page.locator('.live.on').waitFor();
      // Before the picture: taking one resizes the window for a moment.
      expect(await page.evaluate(shiftOf)).toBeLessThan(0.01);
      await picture(page, `overview-${colorScheme}-${device}`);
      await expectAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    });
  }
}

test('big numbers are short, and exact in the title', async () => {
  await open('/s/demo');
  await shown();
  const visitors = page.locator('[data-measure="visitors"]');
  expect([await visitors.textContent(), await visitors.getAttribute('title')]).toEqual(['14.4k', '14,380']);
});

test('folded rows are words, page views are no feature', async () => {
  await open('/s/demo');
  await shown();
  const names = (panel: string) => page.locator(`[data-panel="${panel}"] tbody .text`).allTextContents();
  expect(await names('features')).toEqual(['signup', 'search', 'download', 'newsletter', 'invite']);
  expect(await names('sources')).toContain('Direct');
  expect(await names('countries')).toContain('GermanyDE');
});

test('the address holds the view: tabs, range, history', async () => {
  await open('/');
  await shown();
  expect(new URL(page.url()).pathname).toBe('/s/demo');
  await page.getByRole('tab', { name: 'Pages' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tab', { name: 'Sections', selected: true }).waitFor();
  await page.getByRole('button', { name: 'Period: Last 28 days' }).click();
  await expectAccessible(page);
  await picture(page, 'period-menu');
  await page.getByRole('menuitemradio', { name: 'Today' }).click();
  await expect.poll(() => new URL(page.url()).search).toBe('?range=day&pages=section');
  await page.goBack();
  await page.getByRole('button', { name: 'Period: Last 28 days' }).waitFor();
  expect(complaints).toEqual([]);
});

test('a custom period, and a menu that closes by Escape', async () => {
  await open('/s/demo?range=2026-11-01..2026-11-05');
  await shown();
  await page.getByRole('button', { name: /^Period: 1.*5 Nov 2026$/ }).click();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.getByText('Show as a table').click();
  expect(await page.locator('.twin tbody tr').count()).toBe(5);
  await picture(page, 'custom-table');
  await expectAccessible(page);
});

test('the curve tells the hour under the pointer', async () => {
  await open('/s/demo?range=yesterday', { colorScheme: 'dark' });
  await page.locator('.curve canvas').waitFor();
  await shown();
  await page.locator('.curve').hover({ position: { x: 700, y: 120 } });
  await page.locator('.tip').waitFor();
  expect(await page.locator('.tip').innerText()).toMatch(/^\w{3},? \d+ \w+,? .*\d\d:00\n[\d,]+ visitors\n[\d,]+ pageviews$/);
  await picture(page, 'curve-by-hour');
  expect(complaints).toEqual([]);
});

test('numbers move without a reload, also below the fold', async () => {
  await open('/s/demo?range=day');
  await shown();
  const value = page.locator('[data-measure="events"]');
  expect(await value.getAttribute('title')).toBe('65,305');
  const lists = page.waitForRequest((request) => request.postData()?.includes('visit:language') ?? false);
  fake.state.hits.push({});
  await expect.poll(() => value.getAttribute('title'), { timeout: 10_000 }).toBe('65,306');
  await lists;
});

test('a new site shows what to paste', async () => {
  await open('/s/new.example.org');
  await page.getByRole('heading', { name: 'Waiting for the first hit' }).waitFor();
  expect(await page.locator('.snippet code').textContent()).toBe(
    `<script defer src="${fake.url}/hc.js" data-site="new.example.org"></script>`,
  );
  await picture(page, 'first-hit');
  await expectAccessible(page);
});

test('failures say so and offer another try', async () => {
  await open('/s/broken.example.org');
  await page.getByText('The database does not answer right now.').first().waitFor();
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(7);
  await picture(page, 'failed');
  await expectAccessible(page);
});

test('an unreachable collector is a banner over the last numbers', async () => {
  await open('/s/demo');
  await shown();
  fake.state.down = true;
  await page.getByText('The collector does not answer.').waitFor();
  expect(await page.locator('[data-measure="visitors"]').textContent()).toBe('14.4k');
  fake.state.down = false;
  await page.getByText('The collector does not answer.').waitFor({ state: 'detached' });
});

test('an unknown site is not an empty one', async () => {
  await open('/s/elsewhere');
  await page.getByRole('heading', { name: 'No such site' }).waitFor();
  await expectAccessible(page);
});

test('sign-in: wrong password, right password, sign-out', async () => {
  fake.state.signedIn = false;
  await open('/s/demo?range=7d');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('User and password do not match.').waitFor();
  await picture(page, 'sign-in');
  await expectAccessible(page);
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown();
  expect(page.url()).toBe(`${fake.url}/s/demo?range=7d`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor();
});

test('a one-time link sets the password, leaves the address and works once', async () => {
  fake.state.signedIn = false;
  await open('/sign-in?token=one-time', { colorScheme: 'dark', viewport: { width: 360, height: 700 } });
  await page.getByLabel('New password').fill('a few random words');
  await picture(page, 'claim-dark-phone');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await shown();
  expect(page.url()).toBe(`${fake.url}/s/demo`);
  await page.goto(`${fake.url}/sign-in?token=one-time`);
  await shown();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto(`${fake.url}/sign-in?token=one-time`);
  await page.getByText('This link was used or has expired.').waitFor();
  expect(page.url()).toBe(`${fake.url}/sign-in`);
});
