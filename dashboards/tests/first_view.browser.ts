/** What the first view costs: how many requests, to whom, and in how many steps. Never how long. */
import type { Request } from 'playwright-core';
import { expect, test } from 'vitest';
import { dashboard } from './dashboard_page.ts';

const it = dashboard();

const said = (request: Request) => `${request.method()} ${new URL(request.url()).pathname}`;

/** Opens a blank page of the server, then `path`, and gathers what is asked until the numbers are there. */
async function requestsOf(path: string, options: Parameters<typeof it.open>[1] = {}): Promise<Request[]> {
  await it.open('/favicon.svg', options);
  const requests: Request[] = [];
  it.page.on('request', (request) => requests.push(request));
  await it.page.goto(it.fake.url + path);
  await it.shown();
  await it.page.locator('[data-measure="visitors"][title]').waitFor();
  return requests;
}

test('the first view asks nobody else, and for few files', async () => {
  const requests = await requestsOf('/s/demo');
  const { host } = new URL(it.fake.url);
  expect(requests.filter((request) => new URL(request.url()).host !== host)).toEqual([]);
  const files = requests.filter((request) => ['document', 'script', 'stylesheet'].includes(request.resourceType()));
  expect(files.length, files.map(said).join('\n')).toBeLessThanOrEqual(13);
});

test('all its numbers are one question, which does not wait to hear who looks', async () => {
  let hear = () => {};
  const heard = new Promise<void>((resolve) => (hear = resolve));
  await it.open('/favicon.svg');
  await it.page.route('**/api/v1/session', async (route) => {
    await heard;
    await route.continue();
  });
  const asked: string[] = [];
  it.page.on('request', (request) => asked.push(said(request)));
  const answered = it.page.waitForResponse('**/api/v2/query/batch');
  await it.page.goto(`${it.fake.url}/s/demo`);
  await answered;
  expect(asked.filter((one) => one.startsWith('POST'))).toEqual(['POST /api/v2/query/batch']);
  hear();
  await it.shown();
});

test('in another language its strings come beside the scripts, and nothing is asked twice', async () => {
  const requests = (await requestsOf('/s/demo', { locale: 'ja-JP' })).map(said);
  const once = requests.filter((one) => !one.startsWith('POST'));
  expect(once.toSorted()).toEqual([...new Set(once)].toSorted());
});
