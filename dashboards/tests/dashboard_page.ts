/** What the tests of the dashboard share: a page over made-up numbers, and what is looked at in every state. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { complaintsOf, launch } from './chromium.ts';
import { startFake } from './fake/server.mjs';

export interface Dashboard {
  fake: Awaited<ReturnType<typeof startFake>>;
  page: Page;
  complaints: string[];
  open(path: string, options?: Parameters<Browser['newContext']>[0]): Promise<void>;
  /** The last card has its rows, so everything of the one round trip is there. */
  shown(): Promise<void>;
  search(): string;
  signOut(): Promise<void>;
}

/** A browser for a file of tests, a fresh server and page for each of them. */
export function dashboard(): Dashboard {
  let browser: Browser;
  const it: Dashboard = {
    fake: undefined!,
    page: undefined!,
    complaints: [],
    async open(path, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
      it.page = await context.newPage();
      it.complaints = complaintsOf(it.page);
      await it.page.goto(it.fake.url + path);
    },
    shown: () => it.page.locator('[data-panel="languages"] tbody tr').first().waitFor(),
    search: () => decodeURIComponent(new URL(it.page.url()).search),
    async signOut() {
      await it.page.getByRole('button', { name: 'Account and appearance' }).click();
      await it.page.getByRole('menuitem', { name: 'Sign out' }).click();
    },
  };
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    it.fake = await startFake();
  });
  afterEach(async () => {
    await it.page.context().close();
    await it.fake.stop();
  });
  return it;
}

/** How far things moved while the page filled (cumulative layout shift). */
export const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );

/** Whether nothing sticks out of a narrow window. */
export async function expectNoOverflow(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}
