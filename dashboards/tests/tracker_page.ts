/** What the tests of the tracker share: a page that carries it, and a server that only remembers what it was sent. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { complaintsOf, launch } from './chromium.ts';
import { startFake } from './fake/server.mjs';

export type Fake = Awaited<ReturnType<typeof startFake>>;
type Hit = Fake['state']['hits'][number];

/** The tag with more attributes. */
export const tag = (attributes = '') => `<script defer src="/hc.js" data-site="shop" ${attributes}></script>`;
export const html = (body: string, head = tag()) => `<!doctype html><title>t</title>${head}<body>${body}</body>`;

/** Registers the hooks and returns what each test works with. */
export function trackerTests(pages: Record<string, string>) {
  const it = {} as { browser: Browser; fake: Fake; context: BrowserContext; page: Page; complaints: string[] };
  beforeAll(async () => {
    it.browser = await launch();
  });
  afterAll(() => it.browser.close());
  beforeEach(async () => {
    it.fake = await startFake({ pages });
    it.context = await it.browser.newContext({ viewport: { width: 1024, height: 700 } });
    it.page = await it.context.newPage();
    it.complaints = complaintsOf(it.page);
  });
  afterEach(async () => {
    await it.context.close();
    await it.fake.stop();
  });

  const names = (): string[] => it.fake.state.hits.map(({ name }) => name);
  return Object.assign(it, {
    names,
    /** The hits of one name, so far. */
    named: (name: string): Hit[] => it.fake.state.hits.filter((hit) => hit['name'] === name),
    /** What came, once as many hits came as are expected; a later surplus shows in the next assertion on `names`. */
    hits: async (count: number): Promise<Hit[]> => {
      await expect.poll(() => it.fake.state.hits.length).toBeGreaterThanOrEqual(count);
      return it.fake.state.hits;
    },
    /** A last event as a fence: when it arrived, everything sent before it was seen, and nothing more will come. */
    fence: async (): Promise<string[]> => {
      await it.page.evaluate(() => window.headcount?.('fence'));
      await expect.poll(() => names().includes('fence')).toBe(true);
      return names().filter((name) => name !== 'fence');
    },
  });
}
