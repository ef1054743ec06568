// @ts-check
/**
 * Measures the first view of a running collector with Chromium: `npm run measure -- ADDRESS [RUNS]`, the address of a
 * shared link, which needs no sign-in. Each run is a new browser profile, so nothing is remembered. Prints the median.
 */
import { chromium } from 'playwright-core';

const [address, runs = '9'] = process.argv.slice(2);
if (!address) throw new Error('usage: npm run measure -- http://127.0.0.1:8600/s/SITE?share=TOKEN [RUNS]');
const { host } = new URL(address);

/** Notes when the first number is there; runs in the page. */
function watch() {
  const look = () => {
    const number = document.querySelector('[data-measure="visitors"]');
    if (/\d/.test(number?.getAttribute('title') ?? '')) performance.mark('numbers');
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** @param {import('playwright-core').Browser} browser */
async function once(browser) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  let bytes = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  /** @type {URL[]} */
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url())));
  await page.addInitScript(watch);
  await page.goto(address ?? '');
  await page.waitForFunction(() => performance.getEntriesByName('numbers').length > 0);
  const [paint, numbers] = await page.evaluate(() => ['first-contentful-paint', 'numbers'].map((name) => performance.getEntriesByName(name)[0]?.startTime ?? 0));
  const api = asked.filter(({ pathname }) => pathname.startsWith('/api/'));
  await context.close();
  return { requests: asked.length, api: api.length, elsewhere: asked.filter((url) => url.host !== host).length, kilobytes: bytes / 1000, paint: paint ?? 0, numbers: numbers ?? 0 };
}

const args = ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args });
const found = [];
for (let run = 0; run < Number(runs); run++) found.push(await once(browser));
await browser.close();
const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
for (const name of /** @type {const} */ (['requests', 'api', 'elsewhere', 'kilobytes', 'paint', 'numbers'])) {
  console.log(name.padEnd(10), Math.round(median(found.map((one) => one[name]))));
}
