/** The dashboard in a browser, against made-up numbers: both themes, a phone, filters, keys, accessibility. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow, shiftOf } from './dashboard_page.ts';

const it = dashboard();

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`traffic, ${colorScheme}, ${device}`, async () => {
      await it.open('/s/demo?compare=previous_period', { colorScheme, viewport: { width, height: 800 } });
      await it.shown();
      await it.page.locator('.curve canvas').waitFor();
      await it.page.locator('.now.on').waitFor();
      // Before the picture: taking one resizes the window for a moment.
      expect(await shiftOf(it.page)).toBeLessThan(0.01);
      await it.page.locator('[data-panel="places"]').scrollIntoViewIfNeeded();
      await it.page.locator('.map path').first().waitFor();
      await it.page.evaluate(() => scrollTo(0, 0));
      await picture(it.page, `traffic-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      expect(it.complaints).toEqual([]);
    });
  }
}

test('the first view is one round trip', async () => {
  await it.open('/s/demo');
  await it.shown();
  await it.page.locator('[data-measure="visitors"][title]').waitFor();
  // The second one asks what is shown in place of properties that are not kept by event.
  expect(it.fake.state.batches).toBeLessThanOrEqual(2);
});

test('big numbers are short, and exact in the title', async () => {
  await it.open('/s/demo');
  await it.shown();
  const visitors = it.page.locator('[data-measure="visitors"]');
  expect([await visitors.textContent(), await visitors.getAttribute('title')]).toEqual(['14.4k', '14,380']);
});

test('folded rows are words', async () => {
  await it.open('/s/demo?places=country');
  await it.shown();
  const names = (panel: string) => it.page.locator(`[data-panel="${panel}"] tbody .value`).allTextContents();
  expect(await names('sources')).toContain('Direct / none');
  expect(await names('places')).toContain('GermanyDE');
});

test('what is left over stands last, and is no more than told', async () => {
  await it.open('/s/demo?filter=visit:device:is:Mobile');
  await it.shown();
  const sources = it.page.locator('[data-panel="sources"]');
  await sources.getByText('Up to 12 visitors in groups too small to show, in groups hidden with these, or without a value.').waitFor();
  expect(await sources.locator('tbody tr').last().innerText()).toMatch(/^Other\s+≤\s7\s+≤\s/);
  await it.page.locator('[data-panel="pages"]').getByText('Up to 12 visitors in groups too small to show, in groups hidden with these, or without a value.').waitFor();
  await expectAccessible(it.page);
});

test('the address holds the view: tabs, range, history', async () => {
  await it.open('/s/demo');
  await it.shown();
  await it.page.getByRole('tab', { name: 'Pages', exact: true }).focus();
  await it.page.keyboard.press('ArrowRight');
  await it.page.getByRole('tab', { name: 'Entry pages', selected: true }).waitFor();
  // The focus goes along, so that the next arrow is about the tabs, too.
  await it.page.keyboard.press('ArrowLeft');
  await it.page.getByRole('tab', { name: 'Pages', exact: true, selected: true }).waitFor();
  await it.page.keyboard.press('ArrowRight');
  await it.page.getByRole('tab', { name: 'Entry pages', selected: true }).waitFor();
  await it.page.getByRole('button', { name: 'Period: Last 28 days' }).click();
  await expectAccessible(it.page);
  await picture(it.page, 'period-menu');
  await it.page.getByRole('menuitemradio', { name: 'Today' }).click();
  await expect.poll(it.search).toBe('?range=day&pages=entry');
  await it.page.goBack();
  await it.page.getByRole('button', { name: 'Period: Last 28 days' }).waitFor();
  await it.page.getByText('Today is not over').waitFor();
  expect(it.complaints).toEqual([]);
});

test('keys choose the period, step through it and come back', async () => {
  await it.open('/s/demo');
  await it.shown();
  for (const [key, name] of [['w', 'Last 7 days'], ['m', 'Month to date'], ['y', 'Year to date'], ['d', 'Today']] as const) {
    await it.page.keyboard.press(key);
    await it.page.getByRole('button', { name: `Period: ${name}` }).waitFor();
  }
  await it.page.keyboard.press('ArrowLeft');
  await expect.poll(it.search).toMatch(/^\?range=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/);
  const [yesterday] = [it.search()];
  await it.page.keyboard.press('ArrowRight');
  await expect.poll(it.search).not.toBe(yesterday);
  const [from = '', to = ''] = it.search().replace('?range=', '').split('..');
  expect([from === to, `?range=${from}..${to}` > yesterday]).toEqual([true, true]);
  await it.page.keyboard.press('t');
  await it.page.getByRole('button', { name: 'Period: Last 28 days' }).waitFor();
  await it.page.keyboard.press('?');
  await it.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await picture(it.page, 'shortcuts');
  await expectAccessible(it.page);
});

test('the palette goes where one types', async () => {
  await it.open('/s/demo');
  await it.shown();
  await it.page.keyboard.press('/');
  await it.page.getByRole('combobox', { name: 'Go to' }).fill('new.ex');
  await expectAccessible(it.page);
  await picture(it.page, 'palette');
  await it.page.keyboard.press('Enter');
  await it.page.getByRole('heading', { name: 'Waiting for the first hit' }).waitFor();
  expect(new URL(it.page.url()).pathname).toBe('/s/new.example.org');
});

test('a row filters everything, another takes its place, and the sentence says why', async () => {
  await it.open('/s/demo');
  await it.shown();
  await it.page.locator('[data-panel="sources"]').getByRole('button', { name: 'Google' }).click();
  await expect.poll(it.search).toBe('?filter=visit:source:is:Google');
  await it.page.getByText('One filter at a time').waitFor();
  await it.page.getByText('Up to 12 visitors in groups smaller than 5, or in groups hidden with these.').first().waitFor();
  await expect.poll(() => it.page.locator('[data-measure="visitors"]').getAttribute('title')).toBe('2,876');
  await picture(it.page, 'filtered');
  await expectAccessible(it.page);
  await it.page.locator('[data-panel="pages"]').getByRole('button', { name: '/pricing' }).click();
  await expect.poll(it.search).toBe('?filter=event:page:is:/pricing');
  // What whole visits were is not kept for pages.
  await expect.poll(() => it.page.locator('[data-measure="visit_duration"]').count()).toBe(0);
  await it.page.getByRole('button', { name: 'Remove filter' }).click();
  await expect.poll(it.search).toBe('');
  expect(it.complaints).toEqual([]);
});

test('details: every value, searched and sorted', async () => {
  await it.open('/s/demo');
  await it.shown();
  await it.page.locator('[data-panel="pages"]').getByRole('button', { name: 'Details' }).click();
  const dialog = it.page.getByRole('dialog', { name: 'Details of Pages' });
  await dialog.locator('tbody tr').first().waitFor();
  await expectAccessible(it.page);
  await picture(it.page, 'details');
  await dialog.getByRole('searchbox').fill('blog');
  expect(await dialog.locator('tbody .value').allTextContents()).toEqual(['/blog/hello', '/blog']);
  await dialog.getByRole('button', { name: 'Sort by Pageviews' }).click();
  await dialog.locator('[aria-sort="descending"]').waitFor();
  await it.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(it.complaints).toEqual([]);
});

test('details of more rows than one answer holds: every one is reached', async () => {
  await it.open('/s/demo?sources=referrer');
  await it.shown();
  await it.page.locator('[data-panel="sources"]').getByRole('button', { name: 'Details' }).click();
  const dialog = it.page.getByRole('dialog', { name: 'Details of Referrers' });
  await dialog.getByText('The first 1,000 are shown.').waitFor();
  await dialog.getByText('Page 1 of 20').waitFor();
  await dialog.getByRole('searchbox').fill('site-12344.');
  await dialog.getByText('Nothing of that name.').waitFor();
  await dialog.getByRole('button', { name: 'Show all 12,345' }).click();
  await dialog.getByText('site-12344.example').waitFor();
  await dialog.getByRole('searchbox').fill('');
  await dialog.getByText('Page 1 of 247').waitFor();
  await picture(it.page, 'details-all');
  await expectAccessible(it.page);
  expect(it.complaints).toEqual([]);
});

test('any measure is drawn, by any bucket that suits', async () => {
  await it.open('/s/demo');
  await it.shown();
  await it.page.getByRole('button', { name: /Bounce rate/ }).click();
  await expect.poll(it.search).toBe('?metric=bounce_rate');
  await it.page.getByRole('button', { name: 'Curve by: Days' }).click();
  await it.page.getByRole('menuitemradio', { name: 'Weeks' }).click();
  await expect.poll(it.search).toBe('?by=week&metric=bounce_rate');
  await it.page.getByText('Show as a table').click();
  await expect.poll(() => it.page.locator('.twin tbody td').first().textContent()).toBe('41.2%');
});

test('a list is taken along as CSV', async () => {
  await it.open('/s/demo');
  await it.shown();
  await it.page.locator('[data-panel="sources"]').getByRole('button', { name: /export and API/ }).click();
  const download = it.page.waitForEvent('download');
  await it.page.getByRole('menuitem', { name: 'Download as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^demo-Sources-.*\.csv$/);
});

test('a custom period, and a menu that closes by Escape', async () => {
  await it.open('/s/demo?range=2026-11-01..2026-11-05');
  await it.shown();
  await it.page.getByRole('button', { name: /^Period: 1.*5 Nov 2026$/ }).click();
  await it.page.keyboard.press('Escape');
  expect(await it.page.getByRole('dialog').count()).toBe(0);
  await it.page.getByText('Show as a table').click();
  expect(await it.page.locator('.twin tbody tr').count()).toBe(5);
  await picture(it.page, 'custom-table');
  await expectAccessible(it.page);
});

test('compared with any two dates, by keys alone', async () => {
  await it.open('/s/demo?range=2026-11-08..2026-11-14');
  await it.shown();
  await it.page.getByRole('button', { name: 'Compare with: Compare' }).focus();
  await it.page.keyboard.press('Enter');
  const form = it.page.getByRole('form', { name: 'From one day to another' });
  expect([await form.getByLabel('From').inputValue(), await form.getByLabel('To').inputValue()]).toEqual(['2026-11-01', '2026-11-07']);
  await picture(it.page, 'compare-menu');
  await expectAccessible(it.page);
  await form.getByLabel('From').fill('2026-10-20');
  await form.getByLabel('To').fill('2026-10-13');
  await it.page.keyboard.press('Enter');
  await form.getByRole('alert').waitFor();
  expect(it.search()).not.toContain('compare');
  await form.getByLabel('From').fill('2026-10-07');
  const asked = it.page.waitForRequest((request) => request.postData()?.includes('["2026-10-07","2026-10-13"]') ?? false);
  await it.page.keyboard.press('Enter');
  await asked;
  await expect.poll(it.search).toBe('?range=2026-11-08..2026-11-14&compare=2026-10-07..2026-10-13');
  await it.page.getByRole('button', { name: /^Compare with: vs. 7.*13 Oct$/ }).click();
  await it.page.getByRole('menuitemradio', { name: 'Same period last year' }).click();
  await expect.poll(it.search).toContain('compare=year_over_year');
  await it.page.keyboard.press('x');
  await expect.poll(it.search).not.toContain('compare');
  expect(it.complaints).toEqual([]);
});

test('what cannot be compared with is nothing; dates fit beside the period on a phone', async () => {
  await it.open('/s/demo?compare=soon');
  await it.page.getByRole('button', { name: 'Compare with: Compare', exact: true }).waitFor();
  await it.open('/s/demo?range=2026-11-08..2026-11-14&compare=2026-09-28..2026-10-04', { viewport: { width: 360, height: 800 } });
  await it.shown();
  await picture(it.page, 'compare-dates-phone');
  await expectNoOverflow(it.page);
  await it.page.getByRole('button', { name: /^Compare with: vs/ }).click();
  await picture(it.page, 'compare-menu-phone');
  await expectNoOverflow(it.page);
});

test('the curve tells the hour under the pointer', async () => {
  await it.open('/s/demo?range=yesterday', { colorScheme: 'dark' });
  await it.page.locator('.curve canvas').waitFor();
  await it.shown();
  await it.page.locator('.curve').hover({ position: { x: 700, y: 120 } });
  await it.page.locator('.curve .tip').waitFor();
  expect(await it.page.locator('.curve .tip').innerText()).toMatch(/^\w{3},? \d+ \w+,? .*\d\d:00\nVisitors: [\d,]+$/);
  await picture(it.page, 'curve-by-hour');
  expect(it.complaints).toEqual([]);
});

test('numbers move without a reload, also below the fold', async () => {
  await it.open('/s/demo?range=day');
  await it.shown();
  const value = it.page.locator('[data-measure="visitors"]');
  expect(await value.getAttribute('title')).toBe('14,380');
  const lists = it.page.waitForRequest((request) => request.postData()?.includes('visit:language') ?? false);
  it.fake.state.hits.push({});
  await expect.poll(() => value.getAttribute('title'), { timeout: 10_000 }).toBe('14,381');
  await lists;
});

test('numbers that moved while another site was looked at are not shown as those of now', async () => {
  await it.open('/s/demo?range=day');
  await it.shown();
  const value = it.page.locator('[data-measure="visitors"]');
  expect(await value.getAttribute('title')).toBe('14,380');
  await it.page.evaluate(() => {
    history.pushState(null, '', '/s/new.example.org?range=day');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect.poll(() => it.page.title()).toContain('new.example.org');
  await it.page.waitForResponse((answer) => answer.request().postData()?.includes('"new.example.org"') ?? false);
  it.fake.state.hits.push({});
  await it.page.goBack();
  await expect.poll(() => value.getAttribute('title'), { timeout: 10_000 }).toBe('14,381');
});

test('all sites at a glance', async () => {
  await it.open('/');
  await it.page.getByRole('heading', { name: 'All sites' }).waitFor();
  await it.page.locator('.spark').nth(1).waitFor();
  await picture(it.page, 'overview');
  await expectAccessible(it.page);
  await it.page.getByRole('link', { name: /demo/ }).click();
  await it.shown();
  await it.page.goBack();
  await it.page.getByRole('heading', { name: 'All sites' }).waitFor();
});

test('all sites come back by themselves when the server does', async () => {
  const questions = '**/api/v2/**';
  await it.open('/s/demo');
  await it.shown();
  await it.page.route(questions, (route) => route.abort());
  await it.page.goto(it.fake.url);
  const said = it.page.getByText('every few seconds');
  await said.waitFor();
  await it.page.unroute(questions);
  await it.page.locator('.spark').nth(1).waitFor();
  await said.waitFor({ state: 'detached' });
});

test('theme by the address, and by choice', async () => {
  await it.open('/s/demo?theme=dark');
  await it.shown();
  const scheme = () => it.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  expect(await scheme()).toBe('dark');
  await it.page.getByRole('button', { name: 'Account and appearance' }).click();
  await picture(it.page, 'account');
  await expectAccessible(it.page);
  await it.page.getByRole('menuitemradio', { name: 'Light' }).click();
  await expect.poll(scheme).toBe('light');
  await it.page.reload();
  await it.shown();
  expect([await scheme(), it.search()]).toEqual(['light', '']);
});
