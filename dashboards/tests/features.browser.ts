/** Features: the list, the comparison, one feature in detail. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow, shiftOf } from './dashboard_page.ts';

const it = dashboard();
const listed = () => it.page.locator('.features tbody tr').first().waitFor();
const curve = () => it.page.locator('.curve canvas').waitFor();
const cells = (name: string) => it.page.locator('.features tbody tr', { hasText: name }).locator('td').allTextContents();

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`features, ${colorScheme}, ${device}`, async () => {
      await it.open('/s/demo/features', { colorScheme, viewport: { width, height: 800 } });
      await listed();
      await curve();
      expect(await shiftOf(it.page)).toBeLessThan(0.02);
      await picture(it.page, `features-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      expect(it.complaints).toEqual([]);
    });

    test(`one feature, ${colorScheme}, ${device}`, async () => {
      await it.open('/s/demo/features?feature=signup&compare=previous_period', { colorScheme, viewport: { width, height: 800 } });
      await it.page.locator('[data-panel="apps"] tbody tr').first().waitFor();
      await it.page.locator('[data-panel="property"] tbody tr').first().waitFor();
      await curve();
      await picture(it.page, `feature-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      expect(it.complaints).toEqual([]);
    });
  }
}

test('every number is the answer’s, page views are no feature', async () => {
  await it.open('/s/demo/features');
  await listed();
  expect(await it.page.locator('.feature-name a').allTextContents()).toEqual(['signup', 'search', 'download', 'newsletter', 'invite']);
  expect(await cells('signup')).toEqual(['', '8,265', '1,820', '13%', '4.54', '+11%']);
  expect(await it.page.locator('.features .trend-cell polyline').first().isVisible()).toBe(true);
  await it.page.getByRole('button', { name: 'Sort by Feature' }).click();
  await expect.poll(it.search).toBe('?sort=name');
  expect(await it.page.locator('.feature-name a').first().textContent()).toBe('download');
});

test('ticked features are drawn together, and the address holds them', async () => {
  await it.open('/s/demo/features');
  await listed();
  const legend = it.page.locator('.legend .key:not(.running)');
  await expect.poll(() => legend.allTextContents()).toEqual(['signup', 'search', 'download']);
  await it.page.getByRole('checkbox', { name: 'Compare newsletter' }).check();
  await it.page.getByRole('checkbox', { name: 'Compare search' }).check();
  await expect.poll(it.search).toBe('?with=newsletter,search');
  await expect.poll(() => legend.allTextContents()).toEqual(['newsletter', 'search']);
  await it.page.getByRole('tab', { name: 'Events' }).click();
  await expect.poll(it.search).toBe('?metric=events&with=newsletter,search');
  await it.page.getByText('Show as a table').click();
  expect(await it.page.locator('.twin thead th').allTextContents()).toEqual(['Day', 'newsletter', 'search']);
  await expectAccessible(it.page);
  await it.page.getByRole('button', { name: 'Draw the most used ones' }).click();
  await expect.poll(it.search).toBe('?metric=events');
});

test('a feature opens, its numbers stand there, and back leads to the list', async () => {
  await it.open('/s/demo/features');
  await listed();
  await it.page.getByRole('link', { name: 'search', exact: true }).click();
  await it.page.getByRole('heading', { name: 'search', level: 1 }).waitFor();
  await expect.poll(it.search).toBe('?feature=search');
  await expect.poll(() => it.page.locator('.spread tbody tr').first().innerText()).toBe('took_ms\t1,192\t217.76\t344.95\t571.92');
  await it.page.getByRole('button', { name: /^Conversion/ }).click();
  await expect.poll(it.search).toBe('?metric=conversion_rate&feature=search');
  await it.page.goBack();
  await listed();
  expect(it.search()).toBe('');
});

test('properties: listed keys beside the feature, any other of all features together', async () => {
  await it.open('/s/demo/features?feature=signup');
  const card = it.page.locator('[data-panel="property"]');
  await expect.poll(() => card.locator('tbody .value').allTextContents()).toEqual(['free', 'team', 'business']);
  await card.getByRole('tab', { name: 'Another …' }).click();
  await card.getByRole('button', { name: 'method' }).waitFor();
  await expectAccessible(it.page);
  await card.getByRole('button', { name: 'method' }).click();
  await expect.poll(it.search).toBe('?feature=signup&property=method&key=method');
  await card.getByText('Nothing in this period.').or(card.getByText('It was not sent along.')).waitFor();
  await card.getByText('All features together: “method”').waitFor();
});

test('a value of a breakdown filters the list, whose curves are not kept then', async () => {
  await it.open('/s/demo/features?feature=signup');
  await it.page.locator('[data-panel="places"]').getByRole('button', { name: 'Germany' }).click();
  await expect.poll(it.search).toBe('?filter=visit:country:is:DE');
  await listed();
  await it.page.getByText('Curves of features under a filter are not kept').waitFor();
  await picture(it.page, 'features-filtered');
  await expectAccessible(it.page);
});

test('without features it says how to send one', async () => {
  await it.open('/s/new.example.org/features');
  await it.page.getByRole('heading', { name: 'No feature was used in this period' }).waitFor();
  expect(await it.page.locator('.snippet code').first().textContent()).toBe("headcount('signup', { plan: 'free' })");
  await picture(it.page, 'features-empty');
  await expectAccessible(it.page);
});

test('a failure says so and offers another try', async () => {
  await it.open('/s/broken.example.org/features');
  await it.page.getByText('The database does not answer right now.').first().waitFor();
  expect(await it.page.getByRole('button', { name: 'Try again' }).count()).toBe(2);
  await picture(it.page, 'features-failed');
  await expectAccessible(it.page);
});

test('the list is taken along as CSV', async () => {
  await it.open('/s/demo/features');
  await listed();
  await it.page.locator('[data-panel="features"]').getByRole('button', { name: /export and API/ }).click();
  const download = it.page.waitForEvent('download');
  await it.page.getByRole('menuitem', { name: 'Download as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^demo-Features-.*\.csv$/);
});
