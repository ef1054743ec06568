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

/** The last card has its rows, so everything of the one round trip is there. */
const shown = () => page.locator('[data-panel="languages"] tbody tr').first().waitFor();
const signOut = async () => {
  await page.getByRole('button', { name: 'Account and appearance' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
};
const search = () => decodeURIComponent(new URL(page.url()).search);

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`traffic, ${colorScheme}, ${device}`, async () => {
      await open('/s/demo?compare=previous_period', { colorScheme, viewport: { width, height: 800 } });
      await shown();
      await page.locator('.curve canvas').waitFor();
      await page.locator('.now.on').waitFor();
      // Before the picture: taking one resizes the window for a moment.
      expect(await page.evaluate(shiftOf)).toBeLessThan(0.01);
      await page.locator('[data-panel="places"]').scrollIntoViewIfNeeded();
      await page.locator('.map path').first().waitFor();
      await page.evaluate(() => scrollTo(0, 0));
      await picture(page, `traffic-${colorScheme}-${device}`);
      await expectAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    });
  }
}

test('the first view is one round trip', async () => {
  await open('/s/demo');
  await shown();
  await page.locator('[data-measure="visitors"][title]').waitFor();
  // The second one asks what is shown in place of properties that are not kept by event.
  expect(fake.state.batches).toBeLessThanOrEqual(2);
});

test('big numbers are short, and exact in the title', async () => {
  await open('/s/demo');
  await shown();
  const visitors = page.locator('[data-measure="visitors"]');
  expect([await visitors.textContent(), await visitors.getAttribute('title')]).toEqual(['14.4k', '14,380']);
});

test('folded rows are words', async () => {
  await open('/s/demo?places=country');
  await shown();
  const names = (panel: string) => page.locator(`[data-panel="${panel}"] tbody .value`).allTextContents();
  expect(await names('sources')).toContain('Direct / none');
  expect(await names('places')).toContain('GermanyDE');
});

test('the address holds the view: tabs, range, history', async () => {
  await open('/s/demo');
  await shown();
  await page.getByRole('tab', { name: 'Pages', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tab', { name: 'Entry pages', selected: true }).waitFor();
  await page.getByRole('button', { name: 'Period: Last 28 days' }).click();
  await expectAccessible(page);
  await picture(page, 'period-menu');
  await page.getByRole('menuitemradio', { name: 'Today' }).click();
  await expect.poll(search).toBe('?range=day&pages=entry');
  await page.goBack();
  await page.getByRole('button', { name: 'Period: Last 28 days' }).waitFor();
  expect(complaints).toEqual([]);
});

test('keys choose the period, step through it and come back', async () => {
  await open('/s/demo');
  await shown();
  for (const [key, name] of [['w', 'Last 7 days'], ['y', 'Year to date'], ['d', 'Today']] as const) {
    await page.keyboard.press(key);
    await page.getByRole('button', { name: `Period: ${name}` }).waitFor();
  }
  await page.keyboard.press('ArrowLeft');
  await expect.poll(search).toMatch(/^\?range=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/);
  await page.keyboard.press('t');
  await page.getByRole('button', { name: 'Period: Last 28 days' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await picture(page, 'shortcuts');
  await expectAccessible(page);
});

test('the palette goes where one types', async () => {
  await open('/s/demo');
  await shown();
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Go to' }).fill('new.ex');
  await expectAccessible(page);
  await picture(page, 'palette');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Waiting for the first hit' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/s/new.example.org');
});

test('a row filters everything, another takes its place, and the sentence says why', async () => {
  await open('/s/demo');
  await shown();
  await page.locator('[data-panel="sources"]').getByRole('button', { name: 'Google' }).click();
  await expect.poll(search).toBe('?filter=visit:source:is:Google');
  await page.getByText('One filter at a time').waitFor();
  await page.getByText('12 visitors in groups smaller than 5.').first().waitFor();
  await expect.poll(() => page.locator('[data-measure="visitors"]').getAttribute('title')).toBe('2,876');
  await picture(page, 'filtered');
  await expectAccessible(page);
  await page.locator('[data-panel="pages"]').getByRole('button', { name: '/pricing' }).click();
  await expect.poll(search).toBe('?filter=event:page:is:/pricing');
  // What whole visits were is not kept for pages.
  await expect.poll(() => page.locator('[data-measure="visit_duration"]').count()).toBe(0);
  await page.getByRole('button', { name: 'Remove filter' }).click();
  await expect.poll(search).toBe('');
  expect(complaints).toEqual([]);
});

test('details: every value, searched and sorted', async () => {
  await open('/s/demo');
  await shown();
  await page.locator('[data-panel="pages"]').getByRole('button', { name: 'Details' }).click();
  const dialog = page.getByRole('dialog', { name: 'Details of Pages' });
  await dialog.locator('tbody tr').first().waitFor();
  await expectAccessible(page);
  await picture(page, 'details');
  await dialog.getByRole('searchbox').fill('blog');
  expect(await dialog.locator('tbody .value').allTextContents()).toEqual(['/blog/hello', '/blog']);
  await dialog.getByRole('button', { name: 'Sort by Pageviews' }).click();
  await dialog.locator('[aria-sort="descending"]').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('any measure is drawn, by any bucket that suits', async () => {
  await open('/s/demo');
  await shown();
  await page.getByRole('button', { name: /Bounce rate/ }).click();
  await expect.poll(search).toBe('?metric=bounce_rate');
  await page.getByRole('button', { name: 'Curve by: Days' }).click();
  await page.getByRole('menuitemradio', { name: 'Weeks' }).click();
  await expect.poll(search).toBe('?by=week&metric=bounce_rate');
  await page.getByText('Show as a table').click();
  await expect.poll(() => page.locator('.twin tbody td').first().textContent()).toBe('41.2%');
});

test('a list is taken along as CSV', async () => {
  await open('/s/demo');
  await shown();
  await page.locator('[data-panel="sources"]').getByRole('button', { name: /export and API/ }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^demo-Sources-.*\.csv$/);
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
  await page.locator('.curve .tip').waitFor();
  expect(await page.locator('.curve .tip').innerText()).toMatch(/^\w{3},? \d+ \w+,? .*\d\d:00\nVisitors: [\d,]+$/);
  await picture(page, 'curve-by-hour');
  expect(complaints).toEqual([]);
});

test('numbers move without a reload, also below the fold', async () => {
  await open('/s/demo?range=day');
  await shown();
  const value = page.locator('[data-measure="visitors"]');
  expect(await value.getAttribute('title')).toBe('14,380');
  const lists = page.waitForRequest((request) => request.postData()?.includes('visit:language') ?? false);
  fake.state.hits.push({});
  await expect.poll(() => value.getAttribute('title'), { timeout: 10_000 }).toBe('14,381');
  await lists;
});

test('all sites at a glance', async () => {
  await open('/');
  await page.getByRole('heading', { name: 'All sites' }).waitFor();
  await page.locator('.spark').nth(1).waitFor();
  await picture(page, 'overview');
  await expectAccessible(page);
  await page.getByRole('link', { name: /demo/ }).click();
  await shown();
  await page.goBack();
  await page.getByRole('heading', { name: 'All sites' }).waitFor();
});

test('theme by the address, and by choice', async () => {
  await open('/s/demo?theme=dark');
  await shown();
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(await scheme()).toBe('dark');
  await page.getByRole('button', { name: 'Account and appearance' }).click();
  await picture(page, 'account');
  await expectAccessible(page);
  await page.getByRole('menuitemradio', { name: 'Light' }).click();
  await expect.poll(scheme).toBe('light');
  await page.reload();
  await shown();
  expect([await scheme(), search()]).toEqual(['light', '']);
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
  await signOut();
  await page.getByLabel('Password').waitFor();
});

test('a one-time link sets the password, leaves the address and works once', async () => {
  fake.state.signedIn = false;
  await open('/sign-in?token=one-time', { colorScheme: 'dark', viewport: { width: 360, height: 700 } });
  await page.getByLabel('New password').fill('a few random words');
  await picture(page, 'claim-dark-phone');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await page.getByRole('heading', { name: 'All sites' }).waitFor();
  expect(page.url()).toBe(`${fake.url}/`);
  await page.goto(`${fake.url}/sign-in?token=one-time`);
  await page.getByRole('heading', { name: 'All sites' }).waitFor();
  await signOut();
  await page.goto(`${fake.url}/sign-in?token=one-time`);
  await page.getByText('This link was used or has expired.').waitFor();
  expect(page.url()).toBe(`${fake.url}/`);
});
