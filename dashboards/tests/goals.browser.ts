/** Goals: the list, the editor, revenue. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow, shiftOf } from './dashboard_page.ts';

const it = dashboard();
const listed = () => it.page.locator('.goals tbody tr').first().waitFor();
const names = () => it.page.locator('.goals tbody .name a').allTextContents();

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`goals, ${colorScheme}, ${device}`, async () => {
      await it.open('/s/demo/goals?compare=previous_period', { colorScheme, viewport: { width, height: 800 } });
      await listed();
      await it.page.locator('.curve canvas').waitFor();
      await it.page.locator('[data-panel="payers"] tbody tr').first().waitFor();
      expect(await shiftOf(it.page)).toBeLessThan(0.02);
      await picture(it.page, `goals-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      expect(it.complaints).toEqual([]);
    });
  }
}

test('every number is the answer’s; goals nobody reached are there', async () => {
  await it.open('/s/demo/goals');
  await listed();
  await expect.poll(() => it.page.locator('.goals thead th').count()).toBe(7);
  const row = it.page.locator('.goals tbody tr').first();
  expect(await row.locator('.name').innerText()).toBe('Signed up\nFeature signup');
  expect(await row.locator('td').allTextContents()).toEqual(['', '1,820', '8,265', '13%', '+11%', '€564.20', '']);
  expect(await names()).toEqual(['Signed up', 'Bought', 'Signed up for a team']);
});

test('a goal filters Traffic', async () => {
  await it.open('/s/demo/goals');
  await listed();
  await it.page.getByRole('link', { name: 'Bought' }).click();
  await it.shown();
  expect([new URL(it.page.url()).pathname, it.search()]).toEqual(['/s/demo', '?filter=event:goal:is:Bought']);
});

test('a goal is added: a feature with a property', async () => {
  await it.open('/s/demo/goals');
  await listed();
  await it.page.getByRole('button', { name: 'Add a goal' }).click();
  const dialog = it.page.getByRole('dialog', { name: 'Add a goal' });
  await dialog.getByRole('radio', { name: 'A feature with a property' }).check();
  await dialog.getByLabel('Feature', { exact: true }).fill('search');
  await dialog.getByLabel('Property', { exact: true }).fill('results');
  await dialog.getByLabel('Value').fill('0');
  await dialog.getByLabel('Name').fill('Bought');
  await picture(it.page, 'goal-editor');
  await expectAccessible(it.page);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByText('A goal of this name is there already').waitFor();
  await dialog.getByLabel('Name').fill('Found nothing');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.waitFor({ state: 'detached' });
  await it.page.getByText('Feature search with results=0').waitFor();
  expect(await names()).toContain('Found nothing');
});

test('a goal is removed after a question; one that a funnel needs is not', async () => {
  await it.open('/s/demo/goals');
  await listed();
  await it.page.getByRole('button', { name: 'Remove the goal Signed up', exact: true }).click();
  await it.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await it.page.getByText('A funnel has it as a step').waitFor();
  await it.page.getByRole('button', { name: 'Keep it' }).click();
  await it.page.getByRole('button', { name: 'Remove the goal Signed up for a team' }).click();
  await picture(it.page, 'goal-removal');
  await expectAccessible(it.page);
  await it.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect.poll(names).toEqual(['Signed up', 'Bought']);
});

test('revenue: each currency stands for itself, by source and country', async () => {
  await it.open('/s/demo/goals');
  const total = it.page.locator('[data-measure="total_revenue"]');
  await expect.poll(() => total.textContent()).toBe('€4,457.80');
  await it.page.getByRole('tab', { name: 'USD' }).click();
  await expect.poll(it.search).toBe('?currency=USD');
  await expect.poll(() => total.textContent()).toBe('US$4,457.80');
  await it.page.getByRole('tab', { name: 'Countries' }).click();
  await expect.poll(it.search).toBe('?currency=USD&payers=country');
  const first = it.page.locator('[data-panel="payers"] tbody tr').first();
  await expect.poll(() => first.locator('td').allTextContents()).toEqual(['US$1,243.10', 'US$62.58']);
  await it.page.getByRole('button', { name: /^Average revenue/ }).click();
  await expect.poll(it.search).toContain('metric=average_revenue');
});

test('without goals it says what one is, without payments how to send one', async () => {
  await it.open('/s/new.example.org/goals');
  await it.page.getByRole('heading', { name: 'No goal yet' }).waitFor();
  await it.page.getByRole('heading', { name: 'No payment in this period' }).waitFor();
  await picture(it.page, 'goals-empty');
  await expectAccessible(it.page);
  await it.page.getByRole('button', { name: 'Add a goal' }).click();
  await it.page.getByRole('dialog', { name: 'Add a goal' }).waitFor();
});

test('a failure says so and offers another try', async () => {
  await it.open('/s/broken.example.org/goals');
  await it.page.getByText('The database does not answer right now.').first().waitFor();
  await picture(it.page, 'goals-failed');
  await expectAccessible(it.page);
});
