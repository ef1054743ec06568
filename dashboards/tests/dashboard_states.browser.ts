/** The dashboard when there is nothing to see yet, or something fails; and the way in. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard } from './dashboard_page.ts';

const it = dashboard();

test('a new site shows what to paste', async () => {
  await it.open('/s/new.example.org');
  await it.page.getByRole('heading', { name: 'Waiting for the first hit' }).waitFor();
  expect(await it.page.locator('.snippet code').textContent()).toBe(
    `<script defer src="${it.fake.url}/hc.js" data-site="new.example.org"></script>`,
  );
  await picture(it.page, 'first-hit');
  await expectAccessible(it.page);
});

test('failures say so and offer another try', async () => {
  await it.open('/s/broken.example.org');
  await it.page.getByText('The database does not answer right now.').first().waitFor();
  expect(await it.page.getByRole('button', { name: 'Try again' }).count()).toBe(7);
  await picture(it.page, 'failed');
  await expectAccessible(it.page);
});

test('an unreachable collector is a banner over the last numbers', async () => {
  await it.open('/s/demo');
  await it.shown();
  it.fake.state.down = true;
  await it.page.getByText('The collector does not answer.').waitFor();
  expect(await it.page.locator('[data-measure="visitors"]').textContent()).toBe('14.4k');
  it.fake.state.down = false;
  await it.page.getByText('The collector does not answer.').waitFor({ state: 'detached' });
});

test('days that were brought in from files are told', async () => {
  it.fake.state.imported = [{ date_range: ['2026-09-01', '2026-10-31'], format: 'plausible', kind: 'totals' }];
  await it.open('/s/demo');
  await it.shown();
  const note = it.page.locator('.imported li');
  expect(await note.allTextContents()).toEqual([
    '1 Sept – 31 Oct 2026: totals of another product (plausible), without hours and without filters.',
  ]);
  await expectAccessible(it.page);
  it.fake.state.imported = [];
});

test('an unknown site is not an empty one', async () => {
  await it.open('/s/elsewhere');
  await it.page.getByRole('heading', { name: 'No such site' }).waitFor();
  await expectAccessible(it.page);
});

test('sign-in: wrong password, right password, sign-out', async () => {
  it.fake.state.signedIn = false;
  await it.open('/s/demo?range=7d');
  await it.page.getByLabel('Password').fill('wrong');
  expect(it.complaints).toEqual([]);
  await it.page.getByRole('button', { name: 'Sign in' }).click();
  await it.page.getByText('User and password do not match.').waitFor();
  // The browser's own words for a refusal, which a wrong password is.
  expect(it.complaints.splice(0)).toEqual([expect.stringContaining('401')]);
  await picture(it.page, 'sign-in');
  await expectAccessible(it.page);
  await it.page.getByLabel('Password').fill('correct horse');
  await it.page.getByRole('button', { name: 'Sign in' }).click();
  await it.shown();
  expect(it.page.url()).toBe(`${it.fake.url}/s/demo?range=7d`);
  await it.signOut();
  await it.page.getByLabel('Password').waitFor();
  expect(it.complaints).toEqual([]);
});

test('a one-time link sets the password, leaves the address and works once', async () => {
  it.fake.state.signedIn = false;
  await it.open('/sign-in?token=one-time', { colorScheme: 'dark', viewport: { width: 360, height: 700 } });
  await it.page.getByLabel('New password').fill('a few random words');
  await picture(it.page, 'claim-dark-phone');
  await expectAccessible(it.page);
  await it.page.getByRole('button', { name: 'Set password and sign in' }).click();
  await it.page.getByRole('heading', { name: 'All sites' }).waitFor();
  expect(it.page.url()).toBe(`${it.fake.url}/`);
  await it.page.goto(`${it.fake.url}/sign-in?token=one-time`);
  await it.page.getByRole('heading', { name: 'All sites' }).waitFor();
  await it.signOut();
  await it.page.goto(`${it.fake.url}/sign-in?token=one-time`);
  await it.page.getByText('This link was used or has expired.').waitFor();
  expect(it.page.url()).toBe(`${it.fake.url}/`);
});
