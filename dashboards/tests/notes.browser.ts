/** Notes on the curve: put there, read by pointer and by keys, changed, taken away; and only looked at by those who only look. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow } from './dashboard_page.ts';

const it = dashboard();
const dialog = () => it.page.getByRole('dialog');
const mark = (text: string | RegExp) => it.page.getByRole('group', { name: 'Notes' }).getByRole('button', { name: text });

async function add(day: string, text: string): Promise<void> {
  await it.page.getByRole('button', { name: 'Add a note' }).click();
  await dialog().getByLabel('Day').fill(day);
  await dialog().getByLabel('What happened').fill(text);
  await it.page.keyboard.press('Enter');
  await dialog().waitFor({ state: 'detached' });
}

const open = async (query = '', options = {}) => {
  await it.open(`/s/demo?range=2026-11-02..2026-11-15${query}`, options);
  await it.shown();
  await it.page.locator('.curve canvas').waitFor();
};

test('a note is put on a day, read by keys, in the table too, changed and taken away', async () => {
  await open();
  await it.page.getByRole('button', { name: 'Add a note' }).click();
  expect(await dialog().getByLabel('Day').inputValue()).toBe('2026-11-15');
  await expect.poll(() => dialog().getByLabel('What happened').evaluate((field) => field === document.activeElement)).toBe(true);
  await expectAccessible(it.page);
  await it.page.keyboard.press('Escape');
  await add('2026-11-05', 'New prices');
  await add('2026-11-05', 'Second launch');
  await add('2026-11-11', 'Version 4.2');
  await mark('Version 4.2').focus();
  expect(await it.page.locator('.curve .tip').innerText()).toMatch(/11 Nov 2026\nVisitors: \d+\nVersion 4.2$/);
  await expectAccessible(it.page);
  await picture(it.page, 'notes');
  await mark('Version 4.2').blur();
  await it.page.locator('.curve .tip').waitFor({ state: 'hidden' });
  await it.page.getByText('Show as a table').click();
  expect(await it.page.locator('.twin tbody tr').nth(3).innerText()).toMatch(/^Thu,? 5 Nov 2026\t\d+\tNew prices · Second launch$/);
  await mark('New prices · Second launch').focus();
  await it.page.keyboard.press('Enter');
  await picture(it.page, 'notes-editor');
  await expectAccessible(it.page);
  await dialog().getByRole('button', { name: 'Remove the note New prices' }).click();
  await dialog().waitFor({ state: 'detached' });
  await mark('Second launch').click();
  await dialog().getByLabel('Day').fill('2026-11-06');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await mark(/6 Nov 2026: Second launch$/).waitFor();
  expect(it.complaints).toEqual([]);
});

test('a note of a later day is on no bucket, and text selected beyond the window loses no form', async () => {
  await open();
  await add('2026-11-14', 'Inside');
  await add('2026-12-05', 'Later');
  await mark('Inside').waitFor();
  expect(await mark('Later').count()).toBe(0);
  await it.page.getByRole('button', { name: 'Add a note' }).click();
  await dialog().getByLabel('What happened').fill('Half written');
  await dialog().getByLabel('What happened').hover();
  await it.page.mouse.down();
  await it.page.mouse.move(2, 2);
  await it.page.mouse.up();
  expect(await dialog().getByLabel('What happened').inputValue()).toBe('Half written');
  await it.page.mouse.click(2, 2);
  await dialog().waitFor({ state: 'detached' });
});

test('a double click on the curve notes that day', async () => {
  await open();
  await it.page.locator('.curve').dblclick({ position: { x: 600, y: 120 } });
  expect(await dialog().getByLabel('Day').inputValue()).toMatch(/^2026-11-(08|09)$/);
});

test('on a phone and in the dark', async () => {
  await open('', { colorScheme: 'dark', viewport: { width: 360, height: 800 } });
  await add('2026-11-05', 'New prices');
  await mark('New prices').focus();
  await picture(it.page, 'notes-phone-dark');
  await expectNoOverflow(it.page);
  await expectAccessible(it.page);
});

test('whoever only looks reads notes and changes none', async () => {
  await open();
  await add('2026-11-05', 'New prices');
  it.fake.state.role = 'viewer';
  await it.page.reload();
  await mark('New prices').click();
  await it.page.getByText('New prices').first().waitFor();
  expect(await dialog().count()).toBe(0);
  expect(await it.page.getByRole('button', { name: 'Add a note' }).count()).toBe(0);
  await it.page.locator('.curve').dblclick({ position: { x: 600, y: 120 } });
  expect(await dialog().count()).toBe(0);
});
