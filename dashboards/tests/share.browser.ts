/** A shared dashboard as its readers meet it, from the real collector: what it shows, what it keeps from them, in a frame too. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { complaintsOf, expectAccessible, launch, picture } from './chromium.ts';
import { hasBinary, startOwn, type Collector } from './collector.ts';
import { expectNoOverflow } from './dashboard_page.ts';

const PASSWORD = 'nine brown pigeons';
const SOON = { timeout: 30_000 };
const VISITORS = 12;

interface Made {
  id: string;
  url: string;
}

test.runIf(process.env['CI'])('a collector is there to be tested', () => {
  expect(hasBinary()).toBe(true);
});

describe.skipIf(!hasBinary())('a shared dashboard', () => {
  let collector: Collector;
  let browser: Browser;
  let key: string;
  let page: Page;
  let complaints: string[];
  let asked: { method: string; path: string; status: number }[];
  let link: Made;

  const call = async (method: string, path: string, body: object): Promise<any> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(collector.url + path, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    return text ? JSON.parse(text) : undefined;
  };
  const share = (body: object): Promise<Made> => call('POST', '/api/v1/sites/demo/shares', body);
  const open = async (address: string, options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options });
    page = await context.newPage();
    complaints = complaintsOf(page);
    asked = [];
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      if (path.startsWith('/api/')) asked.push({ method: response.request().method(), path, status: response.status() });
    });
    await page.goto(address);
  };
  const shown = () => page.locator('[data-panel="pages"] tbody tr').first().waitFor(SOON);
  const counted = () => page.locator('[data-measure="visitors"]').getAttribute('title');

  beforeAll(async () => {
    [collector, browser] = await Promise.all([startOwn(), launch()]);
    key = await collector.command('key', 'create', '--site', 'demo', '--scope', 'admin');
    const events = Array.from({ length: VISITORS }, (_, i) => ({ url: 'https://example.org/pricing', visitor: `visitor-${i}` }));
    await collector.knows(key);
    expect(await call('POST', '/v1/events', { site: 'demo', events })).toMatchObject({ accepted: VISITORS });
    const today = new Date().toISOString().slice(0, 10);
    await call('POST', '/api/v1/annotations?site=demo', { day: today, text: 'New prices' });
    await call('POST', '/api/v1/goals?site=demo', { name: 'Saw pricing', page: '/pricing' });
    link = await share({ name: 'Press' });
  });
  afterEach(() => page?.context().close());
  afterAll(async () => {
    await browser?.close();
    await collector?.stop();
  });

  test('shows the numbers and nothing that only an owner may do', async () => {
    await open(`${link.url}&range=day`);
    await shown();
    await expect.poll(counted, SOON).toBe(String(VISITORS));
    await page.getByRole('group', { name: 'Notes' }).getByRole('button', { name: /New prices$/ }).waitFor();
    for (const name of ['Settings', 'Headcount, all sites']) expect(await page.getByRole('link', { name }).count(), name).toBe(0);
    for (const name of ['Account and appearance', 'Add a note', /^Site: /]) expect(await page.getByRole('button', { name }).count()).toBe(0);
    await picture(page, 'share');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Goals' }).click();
    await page.getByRole('link', { name: 'Saw pricing' }).waitFor();
    for (const name of ['Add a goal', /^Remove/]) expect(await page.getByRole('button', { name }).count()).toBe(0);
    for (const report of ['Features', 'Funnels', 'Journeys', 'Retention', 'Vitals', 'Live']) {
      await page.getByRole('link', { name: report, exact: true }).click();
      await page.locator('main').getByRole('heading').first().waitFor();
      expect(await page.getByRole('button', { name: /New funnel|Define|Remove/ }).count(), report).toBe(0);
    }
    // Nothing is asked that is refused, nothing changed, nothing kept in the browser.
    expect(asked.filter(({ status }) => status >= 400)).toEqual([]);
    expect(asked.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/api/v2/query'))).toEqual([]);
    expect([await page.context().cookies(), await page.evaluate(() => localStorage.length)]).toEqual([[], 0]);
    expect(complaints).toEqual([]);
  });

  test('settings and other sites are not reached by their address', async () => {
    const token = new URL(link.url).search;
    await open(`${collector.url}/s/demo/settings${token}`);
    await page.getByText('There is no such report.').waitFor();
    await page.goto(`${collector.url}/s/other${token}`);
    await page.getByRole('heading', { name: 'No such site' }).waitFor();
    expect(await page.locator('[data-measure]').count()).toBe(0);
    // Without a site it leads to the one it is of.
    await page.goto(`${collector.url}/${token}`);
    await page.waitForURL(`${collector.url}/s/demo${token}`);
    await shown();
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Go to' }).waitFor();
    expect(await page.getByRole('option', { name: /Settings|All sites|Sign out/ }).count()).toBe(0);
  });

  test('links to what is kept about visitors', async () => {
    await open(link.url);
    await shown();
    const privacy = page.getByRole('contentinfo').getByRole('link', { name: 'What is kept about visitors' });
    expect(await privacy.getAttribute('href')).toBe('/privacy?site=demo&lang=en');
    const [statement] = await Promise.all([page.context().waitForEvent('page'), privacy.click()]);
    await statement.getByRole('heading', { level: 1 }).waitFor();
    expect(new URL(statement.url()).pathname).toBe('/privacy');
  });

  test('the address says theme and ground', async () => {
    await open(`${link.url}&theme=dark&background=transparent`);
    await shown();
    const look = () =>
      page.evaluate(() => [getComputedStyle(document.documentElement).colorScheme, getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.topbar')!).position]);
    expect(await look()).toEqual(['dark', 'rgba(0, 0, 0, 0)', 'static']);
    await page.goto(`${link.url}&theme=light&background=%23ffe8d6`);
    await shown();
    expect(await look()).toEqual(['light', 'rgb(255, 232, 214)', 'static']);
    await page.goto(`${link.url}&theme=neon&background=url(//evil.example)`);
    await shown();
    expect((await look())[1]).not.toContain('url');
    await page.getByRole('link', { name: 'Live' }).click();
    expect(new URL(page.url()).searchParams.get('background')).toBe('url(//evil.example)');
  });

  test('in a frame of another page, also on a phone', async () => {
    const host = await startPage(`<!doctype html><title>Host</title><body style="margin:0;background:#ffe8d6"><iframe title="demo" src="${link.url}&background=transparent&theme=light" style="width:100%;height:1600px;border:0"></iframe>`);
    for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
      await open(host.url, { viewport: { width, height: 1600 } });
      const frame = page.frameLocator('iframe');
      await expect.poll(() => frame.locator('[data-measure="visitors"]').getAttribute('title'), SOON).toBe(String(VISITORS));
      await frame.locator('.curve canvas').waitFor();
      await picture(page, `share-embedded-${device}`);
      await expectNoOverflow(page);
      expect(complaints).toEqual([]);
      if (device === 'wide') await page.context().close();
    }
    await host.stop();
  });

  test('a password is asked for, and opens it', async () => {
    const locked = await share({ name: 'Board', password: PASSWORD });
    await open(`${locked.url}&theme=dark`);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('This is not the password.').waitFor();
    expect(await page.locator('[data-measure]').count()).toBe(0);
    await expectAccessible(page);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await shown();
    expect(page.url()).not.toContain(encodeURIComponent(PASSWORD));
  });

  test('ends when it is removed', async () => {
    const short = await share({ name: 'For a minute' });
    await open(short.url);
    await shown();
    await call('DELETE', `/api/v1/sites/demo/shares/${short.id}`, {});
    await page.reload();
    await page.getByText('This link is unknown, has been removed').waitFor();
    expect(await page.locator('[data-measure]').count()).toBe(0);
  });
});

/** A page of another origin. */
async function startPage(html: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    // The browser asks for an icon by itself.
    if (request.url === '/favicon.ico') return void response.writeHead(204).end();
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
