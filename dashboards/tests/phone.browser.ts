/** Phones: no word is cut, nothing scrolls sideways but what has a reason to; in the languages with long and with wide words. */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow } from './dashboard_page.ts';

const it = dashboard();

/** The texts among `selector` that do not fit into their place. */
const cut = (selector: string) =>
  it.page.locator(selector).evaluateAll((found) => found.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map((one) => one.textContent));

/** The words among `selector` that are broken in their midst: they have more lines than words. */
const broken = (selector: string) =>
  it.page.locator(selector).evaluateAll((found) =>
    found.flatMap((one) => {
      const text = one.firstChild;
      if (text?.nodeType !== Node.TEXT_NODE) return [];
      const words = [...(text.textContent ?? '').matchAll(/\p{L}+/gu)].filter(({ 0: word }) => !/[\u3040-\u9fff]/.test(word));
      const lines = words.map((word) => {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return range.getClientRects().length;
      });
      return lines.some((count) => count > 1) ? [one.textContent] : [];
    }),
  );

/** Whether the left edge fades, and whether the right one does. */
const edges = (list: Locator): Promise<boolean[]> =>
  list.evaluate((one) => ['--before', '--after'].map((edge) => Number.parseFloat(getComputedStyle(one).getPropertyValue(edge)) > 8));

const LOCALES = ['en-GB', 'de-DE', 'fr-FR', 'es-ES', 'ja-JP'];

test.each(LOCALES)('dates that are compared, and names in lists, are whole (%s)', async (locale) => {
  await it.open('/s/demo?range=2026-10-01..2026-10-31&compare=2026-08-28..2026-09-27', { locale, viewport: { width: 360, height: 800 } });
  await it.shown();
  expect(await it.page.locator('.topbar .when button').count()).toBeGreaterThan(2);
  expect(await cut('.topbar .when button')).toEqual([]);
  expect(await cut('.bars .text')).toEqual([]);
  await expectNoOverflow(it.page);
  await picture(it.page, `phone-compared-${locale}`);
  await expectAccessible(it.page);
});

test.each(LOCALES)('features and goals are whole (%s)', async (locale) => {
  await it.open('/s/demo/features', { locale, viewport: { width: 360, height: 800 } });
  await it.page.locator('.feature-name a').first().waitFor();
  expect(await cut('.feature-name a, .features th')).toEqual([]);
  await it.page.goto(`${it.fake.url}/s/demo/goals`);
  await it.page.locator('.goals tbody .name').first().waitFor();
  expect(await cut('.scroll:has(> .goals), .goals :is(th, td)')).toEqual([]);
  expect(await broken('.goals thead th')).toEqual([]);
  await expectNoOverflow(it.page);
  await picture(it.page, `phone-goals-${locale}`);
});

test('settings have their parts beside them where there is room, and lead to them', async () => {
  await it.open('/s/demo/settings', { viewport: { width: 1280, height: 700 } });
  const audit = it.page.locator('[data-panel="audit"]');
  await audit.locator('.changes > li').first().waitFor();
  await it.page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Changes' }).click();
  await expect.poll(() => audit.evaluate((panel) => Math.round(panel.getBoundingClientRect().top) < innerHeight / 2)).toBe(true);
  expect(new URL(it.page.url()).hash).toBe('');
  await it.page.setViewportSize({ width: 360, height: 800 });
  expect(await it.page.locator('.places').isVisible()).toBe(false);
});

test('the chosen tab is in sight, and the page stays where it is', async () => {
  await it.open('/s/demo?devices=screen', { viewport: { width: 1024, height: 800 } });
  await it.shown();
  const inSight = () =>
    it.page.getByRole('tab', { name: 'Screens' }).evaluate((tab) => {
      const [own, room] = [tab.getBoundingClientRect(), tab.parentElement!.getBoundingClientRect()];
      return own.left >= room.left && own.right <= room.right - 24;
    });
  expect([await inSight(), await it.page.evaluate(() => scrollY)]).toEqual([true, 0]);
});

test.each(LOCALES)('the dates to choose from are within the window (%s)', async (locale) => {
  await it.open('/s/demo', { locale, viewport: { width: 360, height: 800 } });
  await it.shown();
  await it.page.keyboard.press('c');
  const dates = it.page.locator('.period .popover');
  await dates.waitFor();
  const { x, width } = (await dates.boundingBox())!;
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(await it.page.evaluate(() => document.documentElement.clientWidth));
  await picture(it.page, `phone-dates-${locale}`);
});

test('an edge fades while there is more beyond it, whatever the reader thinks of motion', async () => {
  await it.open('/s/demo', { viewport: { width: 360, height: 800 }, reducedMotion: 'reduce' });
  await it.shown();
  const pages = it.page.getByRole('tablist', { name: 'Pages' });
  const fades = () => edges(pages);
  expect(await fades()).toEqual([false, true]);
  await pages.evaluate((list) => list.scrollTo((list.scrollWidth - list.clientWidth) / 2, 0));
  await expect.poll(fades).toEqual([true, true]);
  await pages.evaluate((list) => list.scrollTo(list.scrollWidth, 0));
  await expect.poll(fades).toEqual([true, false]);
  // Nothing fades where all of it is in sight.
  await it.page.context().close();
  await it.open('/s/demo', { reducedMotion: 'reduce' });
  await it.shown();
  expect(await edges(it.page.getByRole('tablist', { name: 'Pages' }))).toEqual([false, false]);
});

test.each([
  ['/s/demo/vitals', '[data-panel="vital-pages"] .scroll'],
  ['/s/demo/journeys', '.flow-scroll'],
])('what is wider than a phone is scrolled with the keyboard (%s)', async (path, selector) => {
  await it.open(path, { viewport: { width: 360, height: 800 } });
  const wide = it.page.locator(selector);
  await wide.waitFor();
  expect(await wide.evaluate((box) => box.scrollWidth > box.clientWidth)).toBe(true);
  expect(await edges(wide)).toEqual([false, true]);
  await wide.focus();
  await it.page.keyboard.press('ArrowRight');
  await expect.poll(() => wide.evaluate((box) => box.scrollLeft)).toBeGreaterThan(0);
  await expectNoOverflow(it.page);
});
