/** What can be taken along of every report: its numbers as CSV, its picture, the request behind it, and the page on paper. */
import { mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { picture } from './chromium.ts';
import { dashboard } from './dashboard_page.ts';

const it = dashboard();
const OUT = fileURLToPath(new URL('../../test-out/', import.meta.url));
const PERMISSIONS = ['clipboard-read', 'clipboard-write'];

/** Every report, and something that is there when it is. */
const REPORTS = [
  ['', '.curve canvas'],
  ['features', '.features tbody tr'],
  ['features?feature=signup', '.curve canvas'],
  ['funnels?funnel=f1', '[data-panel="funnel"] .loaded'],
  ['journeys', '[data-panel="flow"] svg'],
  ['retention', '[data-panel="cohorts"] tbody tr'],
  ['goals', '.goals tbody tr'],
  ['vitals', '.vital'],
  ['live', '[data-panel]'],
] as const;

const menus = () => it.page.getByRole('button', { name: /: export and API$/ });

async function choose(menu: Locator, item: string): Promise<boolean> {
  await menu.click();
  const found = it.page.getByRole('menuitem', { name: item });
  if ((await found.count()) > 0) {
    await found.click();
    return true;
  }
  await it.page.keyboard.press('Escape');
  return false;
}

async function downloaded(act: () => Promise<boolean>): Promise<{ name: string; bytes: Buffer } | undefined> {
  const waiting = it.page.waitForEvent('download', { timeout: 10_000 }).catch(() => undefined);
  if (!(await act())) return undefined;
  const file = await waiting;
  if (!file) throw new Error('nothing was offered');
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

/** For whoever looks. */
async function keep(png: Buffer, name: string): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  await writeFile(`${OUT}${name}.png`, png);
}

/** Width and height of a PNG file. */
const sizeOf = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];

for (const [path, there] of REPORTS) {
  test(`every card of /${path}: CSV, picture and request`, async () => {
    await it.open(`/s/demo/${path}`, { permissions: PERMISSIONS });
    await it.page.locator(there).first().waitFor();
    await it.page.waitForLoadState('networkidle').catch(() => {});
    const count = await menus().count();
    expect(count).toBeGreaterThan(0);
    let requests = 0;
    for (let at = 0; at < count; at += 1) {
      const menu = menus().nth(at);
      const label = (await menu.getAttribute('aria-label')) ?? '';
      const csv = await downloaded(() => choose(menu, 'Download as CSV'));
      expect(csv?.name, label).toMatch(/^demo-.+\.csv$/);
      const [head = ''] = csv!.bytes.toString('utf8').split('\r\n');
      expect(head.split(',').length, label).toBeGreaterThan(1);
      const png = await downloaded(() => choose(menu, 'Download as picture (PNG)'));
      expect(png?.name, label).toMatch(/^demo-.+\.png$/);
      const [width, height] = sizeOf(png!.bytes);
      if (at === 1) await keep(png!.bytes, `taken-${path.replaceAll(/\W+/g, '-') || 'traffic'}`);
      expect(width > 300 && height > 80, `${label}: ${width} × ${height}`).toBe(true);
      if (!(await choose(menu, 'Copy as API call'))) continue;
      requests += 1;
      expect(await answered(await it.page.evaluate(() => navigator.clipboard.readText())), label).toBe(200);
    }
    // The minutes of the live view have no request: they are a stream.
    expect(requests).toBeGreaterThanOrEqual(path === 'live' ? 1 : count);
    expect(it.complaints).toEqual([]);
  });
}

/** Sends what was copied, and says what the server answers. */
async function answered(curl: string): Promise<number> {
  expect(curl).toMatch(/^curl -H "Authorization: Bearer \$HEADCOUNT_KEY" /);
  const url = /'(http[^']+)'/.exec(curl)?.[1] ?? '';
  const body = /-d '(.+)'$/s.exec(curl)?.[1];
  const { status } = await fetch(url, body ? { method: 'POST', body } : {});
  return status;
}

for (const theme of ['light', 'dark'] as const) {
  test(`the picture of the curve has title, period and legend, ${theme}`, async () => {
    await it.open(`/s/demo?range=2026-10-26..2026-11-22&compare=previous_period&filter=visit:source:is:Google&theme=${theme}`);
    await it.page.locator('.curve canvas').waitFor();
    await it.page.getByText('before').first().waitFor();
    const png = await downloaded(() => choose(menus().first(), 'Download as picture (PNG)'));
    await keep(png!.bytes, `taken-curve-${theme}`);
    expect(png?.name).toBe('demo-Visitors-over-time-2026-10-26-2026-11-22.png');
    // The page's own policy lets no script read it there: pixels are looked at on a blank page.
    const blank = await it.page.context().newPage();
    const pixels = await blank.evaluate(async (data) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      const pen = canvas.getContext('2d')!;
      pen.drawImage(image, 0, 0);
      const at = (x: number, y: number) => [...pen.getImageData(x, y, 1, 1).data.slice(0, 3)].join();
      const ground = at(1, 1);
      const inked = (top: number, bottom: number) => {
        const { data } = pen.getImageData(0, top, image.width, bottom - top);
        let other = 0;
        for (let i = 0; i < data.length; i += 4) if (`${data[i]},${data[i + 1]},${data[i + 2]}` !== ground) other += 1;
        return other;
      };
      return { ground, title: inked(18, 42), period: inked(48, 68), filter: inked(68, 88), legend: inked(88, 108), curve: inked(130, image.height - 30) };
    }, png!.bytes.toString('base64'));
    expect(pixels.ground).toBe(theme === 'dark' ? '26,29,32' : '255,255,255');
    for (const part of ['title', 'period', 'filter', 'legend', 'curve'] as const) expect(pixels[part], part).toBeGreaterThan(60);
  });
}

for (const [path, there] of REPORTS) {
  test(`/${path} on paper: in ink, with what it is of, without menus`, async () => {
    await it.open(`/s/demo/${path}${path.includes('?') ? '&' : '?'}theme=dark&range=2026-10-26..2026-11-22`, { viewport: { width: 800, height: 1100 } });
    await it.page.locator(there).first().waitFor();
    await it.page.emulateMedia({ media: 'print' });
    const head = it.page.locator('.print-head');
    await head.waitFor();
    expect(await head.textContent()).toMatch(path === 'live' ? /^demo · Live$/ : /^demo · \w+ · 26 Oct.+22 Nov 2026/);
    expect(await it.page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    expect(await menus().first().isVisible()).toBe(false);
    expect(await it.page.getByRole('navigation', { name: 'Reports' }).isVisible()).toBe(false);
    const wide = await it.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await picture(it.page, `print-${path.replaceAll(/\W+/g, '-') || 'traffic'}`);
  });
}

test('the curve is painted anew for paper', async () => {
  await it.open('/s/demo?theme=dark');
  await it.page.locator('.curve canvas').waitFor();
  const accent = () =>
    it.page.locator('.curve canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let found = 0;
      // The accent of the light theme, #0f6b5f.
      for (let i = 0; i < data.length; i += 4) if (data[i] === 15 && data[i + 1] === 107 && data[i + 2] === 95) found += 1;
      return found;
    });
  expect(await accent()).toBe(0);
  await it.page.emulateMedia({ media: 'print' });
  await expect.poll(accent).toBeGreaterThan(50);
});
