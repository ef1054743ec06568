/** Web vitals: how good, how spread, how they went. */
import { expect, test } from 'vitest';
import { expectAccessible, picture } from './chromium.ts';
import { dashboard, expectNoOverflow, shiftOf } from './dashboard_page.ts';

const it = dashboard();
const drawn = () => it.page.locator('[data-panel="TTFB"] polyline').first().waitFor();

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [['wide', 1280], ['phone', 360]] as const) {
    test(`vitals, ${colorScheme}, ${device}`, async () => {
      await it.open('/s/demo/vitals', { colorScheme, viewport: { width, height: 800 } });
      await drawn();
      expect(await shiftOf(it.page)).toBeLessThan(0.02);
      await picture(it.page, `vitals-${colorScheme}-${device}`);
      await expectAccessible(it.page);
      await expectNoOverflow(it.page);
      expect(it.complaints).toEqual([]);
    });
  }
}

test('each is judged by its p75, and every number is the answer’s', async () => {
  await it.open('/s/demo/vitals');
  await drawn();
  const said = (name: string) => it.page.locator(`[data-panel="${name}"] .vital-figure`).innerText();
  expect(await Promise.all(['LCP', 'INP', 'CLS'].map(said))).toEqual(['2.36s\nGood', '240ms\nNeeds improvement', '0.31\nPoor']);
  expect(await it.page.locator('[data-panel="LCP"] .percentiles').innerText()).toMatch(/p50\s+1\.42s\s+p75\s+2\.36s\s+p95\s+4\.01s/);
  expect(await it.page.locator('[data-panel="LCP"] .shares li').allTextContents()).toEqual(['Good: 78%', 'Needs improvement: 17%', 'Poor: 5%']);
});

test('how its values are spread stands in a picture and in a table', async () => {
  await it.open('/s/demo/vitals');
  await drawn();
  const card = it.page.locator('[data-panel="LCP"]');
  expect(await card.locator('.histogram rect').count()).toBe(12);
  expect(await card.locator('.histogram .is-good').count()).toBe(7);
  await card.getByText('Distribution as a table').click();
  expect(await card.locator('.histogram tbody tr').nth(6).innerText()).toBe('1.98s – 2.36s\t700');
});

test('every day has its number in the table', async () => {
  await it.open('/s/demo/vitals?range=7d');
  await drawn();
  const card = it.page.locator('[data-panel="LCP"]');
  await card.getByText('Show as a table').click();
  expect(await card.locator('.vital-days tbody tr').count()).toBe(7);
  expect(await card.locator('.vital-days tbody td').nth(1).textContent()).toMatch(/^2\.\d+s$/);
});

test('one request answers everything, and is asked again when the numbers move', async () => {
  const asked: string[] = [];
  await it.open('/s/new.example.org/live');
  it.page.on('request', (request) => void (request.url().includes('/v1/vitals?') && asked.push(new URL(request.url()).search)));
  await it.page.goto(`${it.fake.url}/s/demo/vitals?range=7d`);
  await drawn();
  await it.page.locator('[data-panel="vital-pages"] tbody tr').first().waitFor();
  const search = '?site=demo&interval=day&pages=100&date_range=7d';
  expect(asked).toEqual([search]);
  it.fake.state.hits.push({});
  await expect.poll(() => asked, { timeout: 10_000 }).toEqual([search, search]);
});

test('pages stand by how they did, the worst first when a vital is clicked, and are opened by a click', async () => {
  await it.open('/s/demo/vitals');
  const card = it.page.locator('[data-panel="vital-pages"]');
  const first = card.locator('tbody tr').first();
  await first.waitFor();
  expect(await first.innerText()).toMatch(/^\/\s+4,255\s+2\.36s/);
  await card.getByRole('button', { name: 'Sort by LCP' }).click();
  await expect.poll(() => first.locator('th').innerText()).toBe('/blog/hello');
  expect(await first.locator('td').nth(1).getAttribute('class')).toBe('rated is-poor');
  expect(await it.search()).toBe('?worst=LCP');
  await card.getByText('with few page views a page looks better than it is').waitFor();
  await card.getByRole('button', { name: '/blog/hello' }).click();
  await expect.poll(it.search).toBe('?filter=event:page:is:/blog/hello&worst=LCP');
  await drawn();
  expect(await card.count()).toBe(0);
});

test('by device, in the address', async () => {
  await it.open('/s/demo/vitals');
  await drawn();
  await it.page.getByRole('button', { name: 'Mobile' }).click();
  await expect.poll(it.search).toBe('?filter=visit:device:is:Mobile');
  await drawn();
  await it.page.getByRole('button', { name: 'Tablet' }).click();
  await it.page.getByText('No vitals under this filter').waitFor();
  await picture(it.page, 'vitals-filtered');
  await expectAccessible(it.page);
  await it.page.getByRole('button', { name: 'All devices' }).click();
  await drawn();
});

test('without vitals it says how to turn them on', async () => {
  await it.open('/s/new.example.org/vitals');
  await it.page.getByRole('heading', { name: 'No vitals yet' }).waitFor();
  expect(await it.page.locator('.snippet code').textContent()).toBe(
    `<script defer src="${it.fake.url}/hc.js" data-site="new.example.org" data-vitals></script>`,
  );
  await picture(it.page, 'vitals-empty');
  await expectAccessible(it.page);
});

test('a failure says so and offers another try', async () => {
  await it.open('/s/broken.example.org/vitals');
  await it.page.getByText('The database does not answer right now.').waitFor();
  expect(await it.page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
  await expectAccessible(it.page);
});
