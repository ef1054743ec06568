/** Funnels: the steps, the editor, removal. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow, shiftOf } from './dashboard_page.ts';

const it = dashboard();
const shown = () => it.page.locator('.funnel-steps li').first().waitFor();
const dialog = () => it.page.getByRole('dialog', { name: 'New funnel' });

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`funnel, ${colorScheme}, ${device}`, async () => {
      await it.open('/s/demo/funnels', { colorScheme, viewport: { width, height: 800 } });
      await shown();
      expect(await shiftOf(it.page)).toBeLessThan(0.02);
      await picture(it.page, `funnels-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      await it.page.getByRole('button', { name: 'New funnel' }).click();
      await dialog().waitFor();
      await picture(it.page, `funnel-editor-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      expect(it.complaints).toEqual([]);
    });
  }
}

test('every number is the answer’s, in the picture and in the table', async () => {
  await it.open('/s/demo/funnels');
  await shown();
  await it.page.getByText('8.8% of 1,952 visitors who began came to the end.').waitFor();
  expect(await it.page.locator('.funnel-lost').allInnerTexts()).toEqual(['↓ 25% went on, 1,473 visitors did not', '↓ 36% went on, 307 visitors did not']);
  const widths = await it.page.locator('.funnel-track span').evaluateAll((bars) => bars.map((bar) => Math.round((1_000 * bar.clientWidth) / bar.parentElement!.clientWidth) / 10));
  expect(widths[0]).toBe(100);
  expect(Math.abs(widths[1]! - 24.54)).toBeLessThan(0.2);
  const funnel = it.page.locator('[data-panel="funnel"]');
  await funnel.getByText('Show as a table').click();
  expect(await funnel.locator('.twin tbody tr').allInnerTexts()).toEqual([
    'Saw pricing\t1,952\t100%\t100%\t0\t1,700\t100%',
    'Opened sign-up\t479\t24.54%\t24.54%\t1,473\t500\t29.41%',
    'Signed up\t172\t35.91%\t8.81%\t307\t136\t8%',
  ]);
});

test('each step stands beside the days before, and the conversion is drawn over time', async () => {
  await it.open('/s/demo/funnels?range=7d');
  await shown();
  const moves = it.page.locator('.funnel-name :is(.better, .worse, .same)');
  expect(await moves.allInnerTexts()).toEqual(['+15%', '-4.2%', '+26%']);
  await it.page.getByText('In the days compared with it was 8%.').waitFor();
  const trend = it.page.locator('[data-panel="funnel-trend"]');
  await trend.locator('canvas').waitFor();
  await trend.getByText('Show as a table').click();
  expect(await trend.locator('tbody tr').count()).toBe(7);
  expect(await trend.locator('tbody tr').last().innerText()).toMatch(/\t13%$/);
  await it.page.keyboard.press('x');
  await expect.poll(() => trend.locator('tbody tr').last().innerText()).toMatch(/\t13%\t11%$/);
  await expectAccessible(it.page);
});

test('another funnel has an address, and one that nobody began says so', async () => {
  await it.open('/s/demo/funnels');
  await shown();
  await it.page.getByRole('link', { name: 'Nobody yet' }).click();
  await it.page.getByText('Nobody took the first step in this period').waitFor();
  expect(it.search()).toBe('?funnel=f2');
  await it.page.goBack();
  await shown();
});

test('a funnel is put together by keyboard, a refusal is said, and then it stands there', async () => {
  await it.open('/s/demo/funnels');
  await shown();
  await it.page.getByRole('button', { name: 'New funnel' }).press('Enter');
  await dialog().getByLabel('Name').fill('Sign-up');
  await dialog().getByLabel('Step 1', { exact: true }).selectOption('Bought');
  await dialog().getByLabel('Step 2', { exact: true }).selectOption('Signed up');
  await dialog().getByRole('button', { name: 'Add a step' }).press('Enter');
  await expect.poll(() => it.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Step 3');
  await dialog().getByRole('button', { name: 'Remove step 3' }).press('Enter');
  await dialog().getByRole('button', { name: 'Move step 2 up' }).press('Enter');
  await dialog().getByText('Signed up is step 1 now').waitFor();
  expect(await dialog().locator('select').evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value))).toEqual(['Signed up', 'Bought']);
  await dialog().getByRole('button', { name: 'Begin to count' }).press('Enter');
  await dialog().getByText('a funnel of this name exists already; choose another name').waitFor();
  await expectAccessible(it.page);
  await dialog().getByLabel('Name').fill('To the till');
  await dialog().getByRole('button', { name: 'Begin to count' }).press('Enter');
  await it.page.getByRole('heading', { name: 'To the till' }).waitFor();
  expect(it.search()).toBe('?funnel=f9');
});

test('removal asks first; without a funnel the page says what one is', async () => {
  await it.open('/s/demo/funnels');
  for (const name of ['Sign-up', 'Nobody yet']) {
    await it.page.getByRole('button', { name: `Remove the funnel ${name}` }).click();
    const sure = it.page.getByRole('dialog', { name: `Remove “${name}”?` });
    await picture(it.page, 'funnel-removal');
    await expectAccessible(it.page);
    await sure.getByRole('button', { name: 'Remove', exact: true }).click();
    await sure.waitFor({ state: 'detached' });
  }
  await it.page.getByRole('heading', { name: 'No funnel yet' }).waitFor();
  expect(await it.page.locator('.snippet code').textContent()).toBe(
    "headcount funnel add 'From price to purchase' --site demo \\\n  --step 'Bought' --step 'Signed up'",
  );
  await picture(it.page, 'funnels-none');
  await expectAccessible(it.page);
});

test('without goals it says how to define them', async () => {
  await it.open('/s/new.example.org/funnels', { viewport: { width: 360, height: 700 } });
  await it.page.getByText('A funnel needs two goals').waitFor();
  await picture(it.page, 'funnels-no-goals');
  await expectAccessible(it.page);
  await expectNoOverflow(it.page);
});

test('a failure says so and offers another try', async () => {
  await it.open('/s/broken.example.org/funnels');
  await it.page.getByText('The database does not answer right now.').waitFor();
  expect(await it.page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
  await expectAccessible(it.page);
});

test('the steps are taken along as CSV', async () => {
  await it.open('/s/demo/funnels');
  await shown();
  await it.page.getByRole('button', { name: 'Sign-up: export and API' }).click();
  const download = it.page.waitForEvent('download');
  await it.page.getByRole('menuitem', { name: 'Download as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^demo-Sign-up-.*\.csv$/);
});
