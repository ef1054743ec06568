/** Journeys: the flow, what is around a page. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow, shiftOf } from './dashboard_page.ts';

const it = dashboard();
const after = () => it.page.locator('[data-panel="after"] tbody tr');
/** Rows as lines, cells apart by one space. */
const lines = async (rows: ReturnType<typeof after>) => (await rows.allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' '));
const shown = async () => {
  await it.page.locator('.flow-page').first().waitFor();
  await after().first().waitFor();
};

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`journeys, ${colorScheme}, ${device}`, async () => {
      await it.open('/s/demo/journeys', { colorScheme, viewport: { width, height: 800 } });
      await shown();
      expect(await shiftOf(it.page)).toBeLessThan(0.02);
      await picture(it.page, `journeys-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      expect(it.complaints).toEqual([]);
    });
  }
}

test('the picture and its tables say what the answer says', async () => {
  await it.open('/s/demo/journeys');
  await shown();
  const titles = await it.page.locator('.flow-way title').allTextContents();
  expect(titles).toContain('/ → /pricing: 610 visits');
  expect(titles).toHaveLength(8);
  expect(await it.page.locator('.flow-page title').allTextContents()).toContain('/pricing: 610 visits');
  await it.page.getByText('Show as a table').click();
  expect(await it.page.locator('.flow-tables tbody tr').first().innerText()).toBe('/\t/pricing\t610\t549');
  await it.page.getByText('420 visits of more than one page went ways that too few visitors share').waitFor();
  await it.page.getByRole('checkbox', { name: 'Draw them as “Other”' }).check();
  await expect.poll(it.search).toBe('?rare=yes');
  await expect.poll(() => it.page.locator('.flow-way title').allTextContents()).toContain('Other → Other: 420 visits');
  await picture(it.page, 'journeys-rare');
  await expectAccessible(it.page);
});

test('what comes after and before a page; rows lead on to the next', async () => {
  await it.open('/s/demo/journeys');
  await shown();
  await it.page.getByRole('combobox', { name: 'Page' }).selectOption('/pricing');
  await expect.poll(() => lines(after())).toEqual(['/sign-up 402 362', '/ 120 108', 'Other 77 ≤ 70']);
  expect(await lines(it.page.locator('[data-panel="before"] tbody tr'))).toEqual(['/ 810 729', 'Other 55 ≤ 50']);
  await it.page.locator('[data-panel="before"]').getByRole('button', { name: '/', exact: true }).press('Enter');
  await expect.poll(it.search).toBe('?page=/');
  await it.page.getByRole('heading', { name: 'After /' }).waitFor();
});

test('ways that start at a page, and ways that lead to it', async () => {
  await it.open('/s/demo/journeys?page=/sign-up');
  await shown();
  const ways = () => it.page.locator('.flow-way title').allTextContents();
  await it.page.getByRole('button', { name: 'Leading to /sign-up' }).click();
  await expect.poll(ways).toEqual(['/pricing → /sign-up: 80 visits', '/pricing → /sign-up: 260 visits']);
  expect(it.search()).toBe('?page=/sign-up&ways=to');
  await picture(it.page, 'journeys-leading-to');
  await expectAccessible(it.page);
  expect(await lines(it.page.locator('[data-panel="before"] tbody tr'))).toEqual(['/pricing 402 362', 'Other 55 ≤ 50']);
  await it.page.getByRole('combobox', { name: 'Page' }).selectOption('/');
  await it.page.getByRole('button', { name: 'Starting at /', exact: true }).click();
  await expect.poll(ways).toEqual(['/ → /pricing: 610 visits', expect.stringContaining('300 visits'), '/ → /blog: 95 visits']);
  expect(await it.page.locator('.flow-head').allTextContents()).toEqual(['First page', 'Second page']);
  await it.page.getByRole('button', { name: 'All visits' }).click();
  await expect.poll(ways).toHaveLength(8);
});

test('without journeys it says how they come about', async () => {
  await it.open('/s/new.example.org/journeys', { viewport: { width: 360, height: 700 } });
  await it.page.getByRole('heading', { name: 'No visit of more than one page in this period' }).waitFor();
  await picture(it.page, 'journeys-empty');
  await expectAccessible(it.page);
  await expectNoOverflow(it.page);
});

test('a failure says so and offers another try', async () => {
  await it.open('/s/broken.example.org/journeys');
  await it.page.getByText('The database does not answer right now.').waitFor();
  await expectAccessible(it.page);
});

test('the ways are taken along as CSV and as a picture', async () => {
  await it.open('/s/demo/journeys');
  await shown();
  for (const [item, file] of [['Download as CSV', /^demo-From-the-first.*\.csv$/], ['Download as picture (PNG)', /^demo-From-the-first.*\.png$/]] as const) {
    await it.page.locator('[data-panel="flow"]').getByRole('button', { name: /export and API/ }).click();
    const download = it.page.waitForEvent('download');
    await it.page.getByRole('menuitem', { name: item }).click();
    expect((await download).suggestedFilename()).toMatch(file);
  }
});
