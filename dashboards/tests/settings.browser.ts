/** Settings: what to paste, the site, links, keys, notes, and a shared link as its reader meets it. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow } from './dashboard_page.ts';

const it = dashboard();
const card = (name: string) => it.page.locator(`[data-panel="${name}"]`);
const code = (name: string, at = 0) => card(name).locator('pre').nth(at).innerText();
const filled = async () => {
  await card('site').getByLabel('Time zone').waitFor();
  await card('keys').getByText('Nightly report').waitFor();
  await card('shares').getByText('Board').waitFor();
};
const open = async () => {
  await it.open('/s/demo/settings');
  await filled();
};

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`settings, ${colorScheme}, ${device}`, async () => {
      await it.open('/s/demo/settings', { colorScheme, viewport: { width, height: 800 } });
      await filled();
      await card('tracker').getByText('Hits are arriving.').waitFor();
      await expect.poll(() => it.page.getByRole('link', { name: 'Settings' }).evaluate((link) => link.getBoundingClientRect().right <= innerWidth)).toBe(true);
      await picture(it.page, `settings-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      expect(it.complaints).toEqual([]);
    });
  }
}

test('the snippet carries what is chosen', async () => {
  await open();
  const { origin } = new URL(it.page.url());
  expect(await code('tracker')).toBe(`<script defer src="${origin}/hc.js" data-site="demo"></script>`);
  await card('tracker').getByLabel('Measure web vitals').check();
  await card('tracker').getByLabel('Weekly retention').check();
  expect(await code('tracker')).toContain('data-site="demo" data-vitals data-cohorts>');
  await card('tracker').getByText('Stores two dates').waitFor();
});

test('only what was changed is sent, by Enter, and it is said', async () => {
  await open();
  const save = card('site').getByRole('button', { name: 'Save' });
  expect(await save.isDisabled()).toBe(true);
  const sent = it.page.waitForRequest((request) => request.method() === 'PATCH');
  await card('site').getByLabel('Smallest group').fill('10');
  await card('site').getByText('Not saved yet.').waitFor();
  await card('site').getByLabel('Smallest group').press('Enter');
  expect((await sent).postDataJSON()).toEqual({ min_visitors: 10 });
  await card('site').getByText('Saved.').waitFor();
  expect(await save.isDisabled()).toBe(true);
});

test('a refusal stands at its field', async () => {
  await open();
  const zone = card('site').getByLabel('Time zone');
  await zone.fill('Mars/Base');
  await zone.press('Enter');
  await card('site').getByText('there is no zone of this name', { exact: true }).waitFor();
  expect(await zone.getAttribute('aria-invalid')).toBe('true');
  await card('site').getByLabel('Pages that are not counted').fill('admin');
  await card('site').getByRole('button', { name: 'Save' }).click();
  await card('site').getByText('Each line begins with / or *.').waitFor();
  await picture(it.page, 'settings-refused');
  await expectAccessible(it.page);
  await card('site').getByRole('button', { name: 'Discard' }).click();
  expect(await zone.inputValue()).toBe('UTC');
});

test('a link is made, shown once with its frame, and removed after a question', async () => {
  await open();
  await card('shares').getByLabel('Name').fill('Press');
  await card('shares').getByRole('button', { name: 'Make a link' }).click();
  await card('shares').getByText('Copy it now').waitFor();
  expect(await code('shares')).toMatch(/\/s\/demo\?share=hc_s_secret$/);
  await card('shares').getByLabel('Theme').selectOption('dark');
  await card('shares').getByLabel('Background').selectOption('transparent');
  await card('shares').getByLabel('Language').selectOption('ja');
  expect(await code('shares', 1)).toContain('share=hc_s_secret&amp;theme=dark&amp;background=transparent&amp;lang=ja"');
  await picture(it.page, 'settings-link');
  await expectAccessible(it.page);
  await card('shares').getByRole('button', { name: 'Remove the link Press' }).click();
  await picture(it.page, 'settings-removal');
  await it.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect.poll(() => card('shares').locator('.kept li').count()).toBe(1);
  expect(await card('shares').locator('pre').count()).toBe(0);
});

test('a key is made, shown once, and revoked', async () => {
  await open();
  await card('keys').getByLabel('May').selectOption('write');
  await card('keys').getByRole('button', { name: 'Make a key' }).click();
  await card('keys').getByText('Copy it now').waitFor();
  expect(await code('keys')).toBe('hc_k_secret');
  await card('keys').getByRole('button', { name: 'Revoke the key k1' }).click();
  await it.page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect.poll(() => card('keys').getByText('revoked').count()).toBe(2);
});

test('a note is added, changed and removed', async () => {
  await open();
  await card('notes').getByLabel('What happened').fill('New prices');
  await card('notes').getByLabel('What happened').press('Enter');
  await card('notes').getByRole('button', { name: 'Edit the note New prices' }).click();
  const editor = it.page.getByRole('dialog', { name: 'Edit a note' });
  await expectAccessible(it.page);
  await picture(it.page, 'settings-note');
  await editor.getByLabel('What happened').fill('New prices, at last');
  const sent = it.page.waitForRequest((request) => request.method() === 'PATCH');
  await editor.getByLabel('What happened').press('Enter');
  expect((await sent).postDataJSON()).toEqual({ day: new Date().toISOString().slice(0, 10), text: 'New prices, at last' });
  await card('notes').getByRole('button', { name: 'Remove the note New prices, at last' }).click();
  await it.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await card('notes').getByText('No note yet.').waitFor();
});

test('a site is removed once its id has been typed', async () => {
  await open();
  await card('danger').getByRole('button').click();
  const dialog = it.page.getByRole('dialog');
  const remove = dialog.getByRole('button', { name: 'Remove this site' });
  expect(await remove.isDisabled()).toBe(true);
  await dialog.getByLabel('Type demo to confirm').fill('demo');
  await expectAccessible(it.page);
  await remove.click();
  await expect.poll(() => new URL(it.page.url()).pathname).toBe('/');
});

test('a site without hits waits for the first and turns green with it', async () => {
  await it.open('/s/new.example.org/settings');
  await card('tracker').getByText('Waiting for the first hit').waitFor();
  await expectAccessible(it.page);
  await picture(it.page, 'settings-waiting');
  it.fake.state.hits.push({ name: 'pageview' });
  await card('tracker').getByText('1 pageview in the last 30 minutes.').waitFor();
});

test('editors change notes only, viewers see no settings', async () => {
  it.fake.state.role = 'editor';
  await it.open('/s/demo/settings');
  await card('notes').getByText('No note yet.').waitFor();
  expect(await it.page.locator('[data-panel]').count()).toBe(2);
  it.fake.state.role = 'viewer';
  await it.page.reload();
  await it.page.getByText('There is no such report.').waitFor();
  expect(await it.page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
});

test('a shared link shows numbers and no settings', async () => {
  await it.open('/s/demo?share=hc_s_open');
  await it.shown();
  await it.page.getByText('Countries: NRO').waitFor();
  expect(await it.page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
  await expectAccessible(it.page);
  expect(it.complaints).toEqual([]);
});

test('a shared link with a password opens by it, in the address too for live numbers', async () => {
  await it.open('/s/demo/live?share=hc_s_locked');
  await it.page.getByLabel('Password').fill('wrong');
  await it.page.getByRole('button', { name: 'Open' }).click();
  await it.page.getByText('This is not the password.').waitFor();
  await picture(it.page, 'share-locked');
  const live = it.page.waitForRequest((request) => request.url().includes('/api/v1/live'));
  await it.page.getByLabel('Password').fill('correct horse');
  await it.page.getByLabel('Password').press('Enter');
  expect(new URL((await live).url()).searchParams.get('share')).toBe('hc_p_1');
  await it.page.getByRole('link', { name: 'Traffic' }).click();
  await it.shown();
});

test('a link that was removed says so', async () => {
  await it.open('/s/demo?share=hc_s_gone');
  await it.page.getByText('This link is unknown, or has been removed').waitFor();
});

test('what is not saved is not lost by a click: one is asked first', async () => {
  await open();
  await card('site').getByLabel('Smallest group').fill('10');
  await it.page.getByRole('link', { name: 'Traffic' }).click();
  const question = it.page.getByRole('dialog', { name: 'Leave without saving?' });
  await expectAccessible(it.page);
  await question.getByRole('button', { name: 'Stay' }).click();
  expect(await card('site').getByLabel('Smallest group').inputValue()).toBe('10');
  expect(new URL(it.page.url()).pathname).toBe('/s/demo/settings');
  await it.page.getByRole('link', { name: 'Goals' }).click();
  await question.getByRole('button', { name: 'Leave' }).click();
  await it.page.waitForURL('**/s/demo/goals');
  // Saved, there is nothing to ask.
  await it.page.getByRole('link', { name: 'Settings' }).click();
  await filled();
  await card('site').getByLabel('Smallest group').fill('12');
  await card('site').getByRole('button', { name: 'Save' }).click();
  await card('site').getByText('Saved.').waitFor();
  await it.page.getByRole('link', { name: 'Traffic' }).click();
  await it.page.waitForURL('**/s/demo');
});

test('back asks too', async () => {
  await it.open('/s/demo/goals');
  await it.page.getByRole('link', { name: 'Settings' }).click();
  await filled();
  await card('site').getByLabel('Smallest group').fill('10');
  await it.page.goBack();
  await it.page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Leave' }).click();
  await it.page.waitForURL('**/s/demo/goals');
});

test('clients of other products: what is no token is said, a token is sent', async () => {
  await open();
  const field = card('site').getByLabel('Clients of other products');
  await field.fill('google:G-1');
  await card('site').getByRole('button', { name: 'Save' }).click();
  await card('site').getByText('Each line is DIALECT:TOKEN').waitFor();
  await field.fill('ga4:G-1\nmatomo:7');
  const sent = it.page.waitForRequest((request) => request.method() === 'PATCH');
  await card('site').getByRole('button', { name: 'Save' }).click();
  expect((await sent).postDataJSON()).toEqual({ accept: ['ga4:G-1', 'matomo:7'] });
  await card('site').getByText('Saved.').waitFor();
});

test('changes are listed, the newest first, and more of them', async () => {
  await open();
  const lines = card('audit').locator('.changes > li');
  await lines.first().waitFor();
  expect(await lines.count()).toBe(10);
  expect((await lines.nth(0).innerText()).split(/\n+/)).toEqual(['Note added', 'key Nightly report · 20 Nov 2026, 10:59', 'Fri, 20 Nov 2026 New prices']);
  // Of a site only what is other than before.
  expect((await lines.nth(1).innerText()).split(/\n+/)).toEqual(['Site changed', 'owner · 20 Nov 2026, 10:58', 'Clients of other products ga4:G-ABC123']);
  await card('audit').getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => lines.count()).toBe(14);
});

test('changes are in the reader’s language and within the width of a phone', async () => {
  await it.open('/s/demo/settings', { locale: 'de-DE', viewport: { width: 360, height: 800 } });
  const lines = card('audit').locator('.changes > li');
  await lines.first().waitFor();
  expect((await lines.nth(1).innerText()).split(/\n+/)).toEqual(['Website geändert', 'owner · 20.11.2026, 10:58', 'Clients anderer Produkte ga4:G-ABC123']);
  expect(await card('audit').evaluate((panel) => [...panel.querySelectorAll('*')].filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0).length)).toBe(0);
  await expectNoOverflow(it.page);
});

test('imports: what was brought in, what can be removed, and how to bring in more', async () => {
  await open();
  await card('imports').getByText('48,210 events').waitFor();
  expect(await card('imports').getByRole('button', { name: /^Remove the import/ }).count()).toBe(1);
  await card('imports').getByLabel('From').selectOption('umami');
  expect(await code('imports')).toBe('headcount import --site demo --format umami export.zip');
  await card('imports').getByRole('button', { name: 'Remove the import i2' }).click();
  await it.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect.poll(() => card('imports').locator('.kept li').count()).toBe(1);
});

test('a site is added from the overview, and its settings say what to paste', async () => {
  await it.open('/');
  await it.page.getByRole('button', { name: 'Add a site' }).click();
  const dialog = it.page.getByRole('dialog', { name: 'Add a site' });
  await dialog.getByLabel('Name of the site').fill('demo');
  await picture(it.page, 'site-add');
  await expectAccessible(it.page);
  await it.page.keyboard.press('Enter');
  await dialog.getByText('A site of this name is there already').waitFor();
  await dialog.getByLabel('Name of the site').fill('blog.example.org');
  const sent = it.page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/v1/sites'));
  await it.page.keyboard.press('Enter');
  expect((await sent).postDataJSON()).toEqual({ id: 'blog.example.org', timezone: expect.any(String) });
  await it.page.waitForURL('**/s/blog.example.org/settings');
  await card('tracker').waitFor();
  expect(await code('tracker')).toContain('data-site="blog.example.org"');
});

test('whoever does not own all sites adds none', async () => {
  it.fake.state.role = 'editor';
  await it.open('/');
  await it.page.getByRole('heading', { name: 'All sites' }).waitFor();
  expect(await it.page.getByRole('button', { name: 'Add a site' }).count()).toBe(0);
});
