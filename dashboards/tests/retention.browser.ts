/** Retention: active visitors, the grid of cohorts. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow, shiftOf } from './dashboard_page.ts';

const it = dashboard();
const PERIOD = 'range=2026-10-26..2026-11-22';
const shown = async () => {
  await it.page.locator('.cohort-grid tbody tr').first().waitFor();
  await it.page.locator('.curve canvas').waitFor();
};

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`retention, ${colorScheme}, ${device}`, async () => {
      await it.open(`/s/demo/retention?${PERIOD}`, { colorScheme, viewport: { width, height: 800 } });
      await shown();
      expect(await shiftOf(it.page)).toBeLessThan(0.02);
      await picture(it.page, `retention-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      expect(it.complaints).toEqual([]);
    });
  }
}

test('every number is the answer’s; what is not known is not zero', async () => {
  await it.open(`/s/demo/retention?${PERIOD}`);
  await shown();
  const rows = await it.page.locator('.cohort-grid tbody tr').allInnerTexts();
  expect(rows.map((row) => row.replaceAll(/\s+/g, ' ').trim())).toEqual([
    '26 Oct not known – not known – not known 29 – not known 28 – not known 27',
    '2 Nov 120 visitors 100% 120 40% 48 20% 24',
    '9 Nov 90 visitors 100% 90 40% 36',
    '16 Nov 40 visitors 100% 40',
  ]);
  expect(await it.page.locator('.retention-figures dd:nth-child(2) strong').allTextContents()).toEqual(expect.arrayContaining(['413', '640']));
});

test('days, weeks and months, with their table and in the address', async () => {
  await it.open(`/s/demo/retention?${PERIOD}`);
  await shown();
  expect(await it.page.locator('.legend .key:not(.running)').allTextContents()).toEqual(['Active', 'Returning', 'New']);
  await it.page.getByRole('tab', { name: 'New and returning' }).focus();
  await it.page.keyboard.press('ArrowRight');
  await expect.poll(it.search).toBe(`?${PERIOD}&active=week`);
  await it.page.getByText('Show as a table').click();
  expect(await it.page.locator('.twin tbody td').allTextContents()).toEqual(['410', '411', '412', '413']);
});

test('without data it says what to add and what that means', async () => {
  await it.open('/s/new.example.org/retention');
  await it.page.getByRole('heading', { name: 'Nobody said yet whether they were here before' }).waitFor();
  expect(await it.page.locator('.snippet code').first().textContent()).toBe(
    `<script defer src="${it.fake.url}/hc.js" data-site="new.example.org" data-cohorts></script>`,
  );
  await picture(it.page, 'retention-empty');
  await expectAccessible(it.page);
});

test('a failure says so and offers another try', async () => {
  await it.open('/s/broken.example.org/retention');
  await it.page.getByText('The database does not answer right now.').waitFor();
  await expectAccessible(it.page);
});

test('the grid is taken along as CSV', async () => {
  await it.open(`/s/demo/retention?${PERIOD}`);
  await shown();
  await it.page.locator('[data-panel="cohorts"]').getByRole('button', { name: /export and API/ }).click();
  const download = it.page.waitForEvent('download');
  await it.page.getByRole('menuitem', { name: 'Download as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^demo-Who-comes-back.*\.csv$/);
});
