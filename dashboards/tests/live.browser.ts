/** Live: who is here now. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow, shiftOf } from './dashboard_page.ts';

const it = dashboard();
const visitors = () => it.page.locator('[data-visitors]');
const listed = () => it.page.locator('[data-panel="countries"] tbody tr').first().waitFor();

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`live, ${colorScheme}, ${device}`, async () => {
      await it.open('/s/demo/live', { colorScheme, viewport: { width, height: 800 } });
      await visitors().waitFor();
      await listed();
      expect(await shiftOf(it.page)).toBeLessThan(0.02);
      await picture(it.page, `live-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      expect(it.complaints).toEqual([]);
    });
  }
}

test('the numbers move by themselves, and the table has every minute', async () => {
  await it.open('/s/demo/live');
  await visitors().waitFor();
  const before = await visitors().textContent();
  await expect.poll(() => visitors().textContent(), { timeout: 10_000 }).not.toBe(before);
  await it.page.getByText('141 pageviews in the last 30 minutes').waitFor();
  await it.page.getByText('Show as a table').click();
  expect(await it.page.locator('.twin tbody th').allTextContents()).toHaveLength(30);
  expect(await it.page.locator('.twin tbody th').last().textContent()).toBe('this minute');
});

test('a lost connection is said, the last numbers stay, and it comes back', async () => {
  await it.open('/s/demo/live');
  await visitors().waitFor();
  it.fake.state.down = true;
  it.fake.dropStreams();
  await it.page.getByText('The connection is lost; trying again.').waitFor();
  expect(await visitors().textContent()).toMatch(/^\d+$/);
  it.fake.state.down = false;
  await it.page.getByText('Live', { exact: true }).last().waitFor();
  await expect.poll(() => it.page.locator('.live-head.on').count(), { timeout: 15_000 }).toBe(1);
});

test('who asks for less motion gets none', async () => {
  await it.open('/s/demo/live', { reducedMotion: 'reduce' });
  await visitors().waitFor();
  const motion = (selector: string) =>
    it.page.locator(selector).first().evaluate((element) => [getComputedStyle(element).animationName, getComputedStyle(element).transitionDuration]);
  expect([await motion('.live-state .dot'), await motion('.minutes .bar')]).toEqual([['none', '0s'], ['none', '0s']]);
});

test('the last half hour is listed as far as enough visitors share it, and a row leads to today', async () => {
  await it.open('/s/demo/live');
  await visitors().waitFor();
  const list = (name: string) => it.page.locator(`[data-panel="${name}-now"]`);
  const rows = async (name: string) => (await list(name).locator('tbody tr').allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' '));
  expect([await rows('pages'), await rows('sources'), await rows('countries')]).toEqual([['/ 21', '/pricing 9'], ['Google 12'], []]);
  await list('countries').getByText('Nothing that enough visitors share.').waitFor();
  await list('sources').getByRole('button', { name: 'Google' }).click();
  await it.shown();
  expect(it.search()).toBe('?range=day&filter=visit:source:is:Google');
});

test('a page of today filters Traffic of today', async () => {
  await it.open('/s/demo/live');
  await it.page.locator('[data-panel="pages"]').getByRole('button', { name: '/pricing' }).click();
  await it.shown();
  expect([new URL(it.page.url()).pathname, it.search()]).toEqual(['/s/demo', '?range=day&filter=event:page:is:/pricing']);
});

test('on a phone a card without anything is low, and nothing moves when that is known', async () => {
  await it.open('/favicon.svg', { viewport: { width: 390, height: 844 } });
  const nothing = { visitors: 0, pageviews: 0, minutes: Array(30).fill(0), pages: [], sources: [], countries: [] };
  await it.page.route('**/api/v1/live**', async (route) => {
    await it.page.locator('[data-panel="countries-now"] .bone').first().waitFor();
    await route.fulfill({ contentType: 'text/event-stream', body: `data: ${JSON.stringify(nothing)}\n\n` });
  });
  await it.page.goto(`${it.fake.url}/s/demo/live`);
  await listed();
  await it.page.locator('[data-panel="countries-now"] .empty').waitFor();
  const heights = await it.page.locator('.live-now-lists .panel').evaluateAll((cards) => cards.map((card) => card.clientHeight));
  expect([heights.length, Math.max(...heights) < 130]).toEqual([3, true]);
  expect(await shiftOf(it.page)).toBeLessThan(0.02);
  await picture(it.page, 'live-nothing-phone');
  await expectAccessible(it.page);
});

test.each(['no-preference', 'reduce'] as const)('on a phone nothing that is seen moves when long lists come (motion: %s)', async (reducedMotion) => {
  await it.open('/favicon.svg', { viewport: { width: 390, height: 844 }, reducedMotion });
  // A slow machine must not use up the second that the page waits.
  const debug = await it.page.context().newCDPSession(it.page);
  await debug.send('Animation.enable');
  await debug.send('Animation.setPlaybackRate', { playbackRate: 0.01 });
  const rows = Array.from({ length: 10 }, (_, i) => ({ value: `/page-${i}`, visitors: 30 - i }));
  const busy = { visitors: 40, pageviews: 90, minutes: Array(30).fill(3), pages: rows, sources: rows, countries: [] };
  await it.page.route('**/api/v1/live**', async (route) => {
    await it.page.locator('[data-panel="pages-now"] .bone').first().waitFor();
    // Painted, or nothing could be seen to move.
    await it.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await route.fulfill({ contentType: 'text/event-stream', body: `data: ${JSON.stringify(busy)}\n\n` });
  });
  await it.page.goto(`${it.fake.url}/s/demo/live`);
  await it.page.locator('[data-panel="pages-now"] tbody tr').nth(9).waitFor();
  await listed();
  expect(await shiftOf(it.page)).toBeLessThan(0.02);
});

test('on a phone today is seen also when no connection comes', async () => {
  await it.open('/favicon.svg', { viewport: { width: 390, height: 844 } });
  await it.page.route('**/api/v1/live**', (route) => route.abort());
  await it.page.goto(`${it.fake.url}/s/demo/live`);
  await listed();
  expect(await it.page.locator('[data-panel="pages-now"] .bone').count()).toBeGreaterThan(0);
});
