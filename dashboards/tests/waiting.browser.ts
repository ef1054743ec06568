/** While numbers are on their way: skeletons where they will stand, nothing that turns, and nothing moves when they come. */
import { expect, test } from 'vitest';
import { dashboard, shiftOf } from './dashboard_page.ts';

const it = dashboard();

test('a part that could not be loaded says so and is loaded again', async () => {
  const parts = '**/DetailsDialog*';
  await it.open('/s/demo');
  await it.shown();
  await it.page.route(parts, (route) => route.abort());
  await it.page.locator('[data-panel="pages"]').getByRole('button', { name: 'Details' }).click();
  const said = it.page.getByRole('alert').filter({ hasText: 'This could not be loaded.' });
  await said.waitFor();
  await it.page.unroute(parts);
  await said.getByRole('button').click();
  await it.page.getByRole('dialog').waitFor();
  expect(await said.count()).toBe(0);
});

/** Who looks and which sites there are is known before anything is shown of a site. */
const FIRST = /\/api\/v1\/(session|sites)$/;
const PATHS = ['/', '/s/demo', ...['features', 'funnels', 'journeys', 'retention', 'goals', 'vitals', 'live', 'settings'].map((name) => `/s/demo/${name}`)];

test.each(PATHS)('skeletons, then numbers: %s', async (path) => {
  await it.open('/s/new.example.org/settings');
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await it.page.route('**/api/**', async (route) => {
    if (!FIRST.test(new URL(route.request().url()).pathname)) await released;
    await route.continue();
  });
  await it.page.goto(it.fake.url + path);
  const bones = it.page.locator('main .bone');
  await bones.first().waitFor();
  // What moves is the shade of the skeletons: nothing turns.
  const turning = () =>
    it.page.evaluate(() =>
      document
        .getAnimations()
        .flatMap(({ effect }) => (effect as KeyframeEffect).getKeyframes())
        .filter(({ transform, rotate }) => `${transform ?? ''}${rotate ?? ''}`.includes('rotate') || (rotate ?? 'none') !== 'none').length,
    );
  expect(await turning()).toBe(0);
  expect(await it.page.locator('[role="progressbar"]').count()).toBe(0);
  release();
  await expect.poll(() => bones.count()).toBe(0);
  expect(await shiftOf(it.page)).toBeLessThan(0.02);
  expect(it.complaints).toEqual([]);
});
