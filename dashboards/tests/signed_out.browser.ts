/** Nobody is signed in, or no longer: every address leads to the sign-in page, and the browser has nothing to complain of. */
import { expect, test } from 'vitest';
import { dashboard } from './dashboard_page.ts';

const it = dashboard();

const REPORTS = ['features', 'funnels', 'journeys', 'retention', 'goals', 'vitals', 'live', 'settings'].map((name) => `/s/demo/${name}`);
/** Days that are over: nothing is asked by itself but what happens now. */
const OVER = '?range=2026-11-01..2026-11-05';

/** That of the way in: the settings have another. */
const password = () => it.page.locator('.sign-in').getByLabel('Password');
/** All numbers are there, also those of this minute where they are shown. */
const settled = async () => {
  await it.page.locator('main h1, main h2, .overview').first().waitFor();
  await expect.poll(() => it.page.locator('main .bone').count()).toBe(0);
};

/** By the password that is asked for, and nothing was complained of until then. */
const comeIn = async () => {
  await password().waitFor();
  await it.page.waitForLoadState('networkidle');
  expect(it.complaints).toEqual([]);
  await password().fill('correct horse');
  await it.page.keyboard.press('Enter');
  await password().waitFor({ state: 'detached' });
  await settled();
};

test.each(['/', '/s/demo', `/s/demo${OVER}`, ...REPORTS])('nobody is signed in: %s', async (path) => {
  it.fake.state.signedIn = false;
  await it.open('/favicon.svg');
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await it.page.route('**/api/v1/session', async (route) => {
    await answered;
    await route.continue();
  });
  await it.page.goto(it.fake.url + path);
  // Drawn, and asking, before anybody has said who looks; the numbers may be the first to say it.
  await it.page.locator(['/', '/s/demo/settings'].includes(path) ? 'main' : 'main .bone, .sign-in').first().waitFor({ state: 'attached' });
  answer();
  await comeIn();
  expect([it.page.url(), it.complaints]).toEqual([it.fake.url + path, []]);
});

test.each(['/s/demo', `/s/demo${OVER}`, ...REPORTS])('a session ends: %s', async (path) => {
  await it.open(path);
  await settled();
  it.fake.state.signedIn = false;
  await password().waitFor();
  expect([it.page.url(), it.complaints]).toEqual([it.fake.url + path, []]);
});

test('a session that ended while all sites were looked at is met at the next step', async () => {
  await it.open('/');
  await it.page.locator('.spark').nth(1).waitFor();
  await it.page.clock.install();
  it.fake.state.signedIn = false;
  await it.page.clock.fastForward('00:10');
  await it.page.getByRole('link', { name: /demo/ }).click();
  await password().waitFor();
  expect(it.complaints).toEqual([]);
});

test('a session that ended while the page was hidden is met when it is seen again', async () => {
  await it.open(`/s/demo${OVER}`);
  await settled();
  const see = (state: string) =>
    it.page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await see('hidden');
  await it.page.clock.install();
  it.fake.state.signedIn = false;
  await it.page.clock.fastForward('24:00:00');
  await see('visible');
  await password().waitFor();
  expect(it.complaints).toEqual([]);
});

test('a shared link with a password asks for it without a complaint', async () => {
  for (const report of ['', '/funnels', '/live']) {
    await it.open(`/s/demo${report}?share=hc_s_locked`);
    await comeIn();
    expect(it.complaints).toEqual([]);
  }
});
