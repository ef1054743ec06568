/** What every page shows is what the API says: the real collector, made-up traffic, and the test asks on its own. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vitalValue, type VitalName } from '../app/src/report/vitals/rating.ts';
import { complaintsOf, launch } from './chromium.ts';
import { hasBinary, startOwn, type Collector } from './collector.ts';

const PASSWORD = 'nine brown pigeons';
const SOON = { timeout: 90_000, interval: 500 };
const RANGE = '7d';
const HITS = 8_000;

type Cells = (string | number)[][];
type Answer = { results: { dimensions: string[]; metrics: number[]; comparison?: { metrics: number[]; change: (number | null)[] } }[] };

/** Lists of Traffic, a row for each tab: its panel, its name in the address, what it asks for. */
const PAIR = ['visitors', 'percentage'];
const LISTS: [panel: string, tab: string, dimension: string, metrics: string[], event?: string][] = [
  ['pages', '', 'event:page', ['visitors', 'pageviews']],
  ['pages', 'entry', 'visit:entry_page', ['visitors', 'visits']],
  ['pages', 'exit', 'visit:exit_page', ['visitors', 'visits']],
  ['pages', 'section', 'event:section', ['visitors', 'pageviews']],
  ['sources', '', 'visit:source', PAIR],
  ['sources', 'channel', 'visit:channel', PAIR],
  ['sources', 'referrer', 'visit:referrer', PAIR],
  ['sources', 'campaign', 'visit:utm_campaign', PAIR],
  ['sources', 'utm_source', 'visit:utm_source', PAIR],
  ['sources', 'utm_medium', 'visit:utm_medium', PAIR],
  ['sources', 'utm_content', 'visit:utm_content', PAIR],
  ['sources', 'utm_term', 'visit:utm_term', PAIR],
  ['places', 'country', 'visit:country', PAIR],
  ['devices', '', 'visit:browser', PAIR],
  ['devices', 'browser_version', 'visit:browser_version', PAIR],
  ['devices', 'os', 'visit:os', PAIR],
  ['devices', 'os_version', 'visit:os_version', PAIR],
  ['devices', 'device', 'visit:device', PAIR],
  ['devices', 'screen', 'visit:screen', PAIR],
  ['languages', '', 'visit:language', PAIR],
  ['actions', '', 'event:props:to', ['visitors', 'events'], 'outbound'],
  ['actions', 'download', 'event:props:to', ['visitors', 'events'], 'download'],
  ['actions', 'form', 'event:props:form', ['visitors', 'events'], 'form'],
  ['actions', '404', 'event:page', ['visitors', 'events'], '404'],
];

/** `1,234`, `41.25%`, `€981.90`, `2m 07s`. */
function numberOf(text: string): number {
  const time = /^(?:(\d+)h )?(?:(\d+)m )?(\d+)s$/.exec(text);
  if (time) return Number(time[1] ?? 0) * 3_600 + Number(time[2] ?? 0) * 60 + Number(time[3]);
  return Number(text.replace(/[^\d.-]/g, ''));
}

/** A share or, with a sign, a change as it is written: a digit after the point where it is small. */
const percents = (value: number, signDisplay: 'auto' | 'exceptZero' = 'auto'): string =>
  new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: Math.abs(value) < 9.95 ? 1 : 0, signDisplay }).format(value / 100);

const isRest = (value: string | undefined) => value === '(other)' || value === '(more)';

/** What is left over stands last. */
const restLast = (rows: Answer['results']) => rows.toSorted((a, b) => Number(isRest(a.dimensions[0])) - Number(isRest(b.dimensions[0])));

test.runIf(process.env['CI'])('a collector is there to be tested', () => {
  expect(hasBinary()).toBe(true);
});

describe.skipIf(!hasBinary())('each number of a page is the API’s', { timeout: 180_000 }, () => {
  let collector: Collector;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  const call = async (path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' };
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {};
    return page.evaluate(async ([path, init]) => (await fetch(path, init)).json(), [path, init] as const);
  };
  const query = (asked: object): Promise<Answer> => call('/api/v2/query', { site_id: 'demo', date_range: RANGE, ...asked });
  const open = (path: string) => page.goto(`${collector.url}${path}${path.includes('?') ? '&' : '?'}range=${RANGE}`);
  /** Numbers of a table, row by row: what stands there to the last digit. */
  const table = (selector: string, cells = 'td'): Promise<Cells> =>
    page
      .locator(`${selector} tbody tr`)
      .evaluateAll((rows, cells) => rows.map((row) => [...row.querySelectorAll<HTMLElement>(cells)].map((cell) => cell.title || (cell.textContent ?? ''))), cells)
      .then((rows) => rows.map((row) => row.map(numberOf)));
  /** Pairs of open days are renewed once a minute, and a page asks again when something is counted: it is opened again until both agree. */
  const agree = async (what: string, shown: () => Promise<unknown>, told: () => Promise<unknown>) => {
    let tries = 0;
    const differ = async () => {
      if (++tries % 10 === 0) await page.reload();
      const [ours, theirs] = [await shown(), await told()];
      // Two empty lists would agree, too.
      const isThere = Array.isArray(theirs) && theirs.length > 0;
      return isThere && JSON.stringify(ours) === JSON.stringify(theirs) ? 'nothing' : { shown: ours, told: theirs };
    };
    await expect.poll(differ, { ...SOON, message: what }).toBe('nothing');
  };

  beforeAll(async () => {
    [collector, browser] = await Promise.all([startOwn(), launch()]);
    // Two days: there is something to compare with.
    await collector.command('demo', '--hits', String(HITS), '--days', '2');
    page = await (await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } })).newPage();
    complaints = complaintsOf(page);
    await page.goto(collector.signInLink);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await page.waitForURL(`${collector.url}/s/demo`);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await collector?.stop();
  });

  test('the made-up traffic is there', async () => {
    const counted = async () => (await query({ metrics: ['events'] })).results[0]?.metrics[0];
    await expect.poll(counted, SOON).toBe(HITS);
  });

  test('overview', async () => {
    // A single site needs no overview.
    await collector.command('site', 'add', 'other');
    await expect.poll(async () => (await call('/api/v1/sites')).sites.length, SOON).toBe(2);
    await page.goto(`${collector.url}/`);
    const shown = async () => [numberOf((await page.getByRole('link', { name: 'demo' }).locator('.site-figure strong').getAttribute('title')) ?? '')];
    await agree('visitors', shown, async () => (await query({ metrics: ['visitors'], date_range: '28d' })).results[0]?.metrics);
  });

  test('traffic: the headline and the curve', async () => {
    const measures = ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration', 'time_on_page', 'scroll_depth'];
    await open('/s/demo');
    const titles = () => page.locator('[data-measure]').evaluateAll((found) => found.map((one) => [(one as HTMLElement).dataset['measure'], (one as HTMLElement).title]));
    const shown = async () => (await titles()).map(([measure = '', title = '']) => [measure, numberOf(title)]);
    const told = async () => {
      const metrics = (await query({ metrics: measures })).results[0]?.metrics ?? [];
      return measures.map((measure, i) => [measure, /duration|time/.test(measure) ? Math.round(metrics[i] ?? 0) : metrics[i]]);
    };
    await agree('headline', shown, told);
    await page.locator('.overview .twin table').first().waitFor({ state: 'attached' });
    const days = async () => (await query({ metrics: ['visitors'], dimensions: ['time:day'] })).results.map(({ metrics }) => metrics);
    await agree('curve', () => table('.overview .twin'), days);
  });

  test('traffic: every list', async () => {
    const rounds = [...new Set(LISTS.map(([, tab]) => tab))];
    for (const round of rounds) {
      const lists = LISTS.filter(([, tab]) => tab === round);
      await open(`/s/demo?${lists.map(([panel, tab]) => `${panel}=${tab}`).join('&')}`);
      for (const [panel, tab, dimension, metrics, event] of lists) {
        const filters = event ? [['is', 'event:name', [event]]] : [];
        const told = async () => {
          const { results } = await query({ metrics, dimensions: [dimension], filters, order_by: [[metrics[0], 'desc']], pagination: { limit: 10 } });
          return restLast(results).slice(0, 9).map(({ metrics }) => metrics);
        };
        await agree(`${panel} ${tab}`, () => table(`[data-panel="${panel}"] .bars`), told);
      }
    }
  });

  test('features', async () => {
    await open('/s/demo/features');
    const told = async () => {
      const { results } = await query({ metrics: ['events', 'visitors', 'conversion_rate'], dimensions: ['event:name'], pagination: { limit: 1_000 } });
      const named = results.filter(({ dimensions: [name] }) => name !== 'pageview' && !isRest(name));
      const rows = named.map(({ dimensions: [name = ''], metrics: [events = 0, visitors = 1, rate = 0] }) => ({ name, row: [events, visitors, rate, Math.round((100 * events) / visitors) / 100] }));
      return rows.toSorted((a, b) => (b.row[1] ?? 0) - (a.row[1] ?? 0) || a.name.localeCompare(b.name)).map(({ row }) => row);
    };
    await agree('features', async () => (await table('.features', 'td:not(.trend-cell)')).map((row) => row.slice(0, 4)), told);
  });

  test.each(['visitors', 'events'])('features: how %s changed since the day before', async (measure) => {
    await page.goto(`${collector.url}/s/demo/features?range=day&sort=name&metric=${measure === 'visitors' ? '' : measure}`);
    const shown = () =>
      page.locator('.features tbody tr').evaluateAll((rows) =>
        rows.map((row) => {
          const moved = row.querySelector<HTMLElement>('td:last-child span');
          return [row.querySelector('.feature-name a')?.textContent, moved?.textContent, moved?.title.replaceAll(/\D/g, '')];
        }),
      );
    const told = async () => {
      const { results } = await query({ date_range: 'day', metrics: [measure], dimensions: ['event:name'], include: { comparison: 'previous_period' }, pagination: { limit: 1_000 } });
      const rows = results.filter(({ dimensions: [name] }) => name !== 'pageview' && !isRest(name)).map(({ dimensions: [name = ''], comparison }) => {
        const [change, then] = [comparison?.change[0] ?? null, comparison?.metrics[0]];
        return change === null ? [name, '–', ''] : [name, percents(change, 'exceptZero'), String(then)];
      });
      return rows.toSorted(([a = ''], [b = '']) => a.localeCompare(b));
    };
    await agree('changes', shown, told);
    // Where nothing was there before, or nothing changed, any column would agree.
    expect((await told()).filter(([, moved = '']) => /[1-9]/.test(moved)).length).toBeGreaterThan(2);
  });

  test('funnels', async () => {
    await open('/s/demo/funnels');
    await page.locator('.funnel-steps').waitFor();
    const shown = () =>
      page.locator('.funnel-steps li').evaluateAll((steps) => steps.map((step) => [step.querySelector('.funnel-name span')?.firstChild?.textContent ?? '', step.querySelector('b')?.textContent ?? '']));
    const asked = async (): Promise<{ visitors: number; step_rate: number; conversion_rate: number }[]> => {
      const [funnel] = (await call('/api/v1/funnels?site=demo')).funnels;
      return (await call(`/api/v1/funnels?site=demo&funnel=${funnel.id}&date_range=${RANGE}`)).steps;
    };
    const told = async () => (await asked()).map(({ visitors, conversion_rate }) => [String(visitors), percents(conversion_rate)]);
    await agree('funnel', async () => (await shown()).map(([visitors = '', rate]) => [String(numberOf(visitors)), rate]), told);
    const between = async () => (await page.locator('.funnel-lost').allInnerTexts()).map((text) => /^↓ (\S+) went on, ([\d,]+) visitors? did not$/.exec(text)?.slice(1) ?? text);
    await agree('between the steps', between, async () => {
      const steps = await asked();
      return steps.slice(1).map(({ visitors, step_rate }, i) => [percents(step_rate), ((steps[i]?.visitors ?? 0) - visitors).toLocaleString('en-US')]);
    });
    await agree('steps as a table', () => table('.funnel .twin'), async () => {
      const steps = await asked();
      return steps.map(({ visitors, step_rate, conversion_rate }, i) => [visitors, step_rate, conversion_rate, (steps[i - 1]?.visitors ?? visitors) - visitors]);
    });
    const ends = async () => [await page.locator('.funnel-summary').innerText()];
    await agree('from end to end', ends, async () => {
      const [first, last] = [(await asked())[0], (await asked()).at(-1)];
      return [`${percents(last?.conversion_rate ?? 0)} of ${first?.visitors.toLocaleString('en-US')} visitors who began came to the end.`];
    });
  });

  test('journeys', async () => {
    await open('/s/demo/journeys');
    await page.locator('.flow-card .twin table').first().waitFor({ state: 'attached' });
    const rows = (list: { events: number; visitors: number }[]) => list.map(({ events, visitors }) => [events, visitors]);
    const journeys = (also = '') => call(`/api/v1/journeys?site=demo&date_range=${RANGE}${also}`);
    const both = async () => {
      const { second, third } = await journeys();
      return rows([...second, ...third]);
    };
    await agree('ways', () => table('.flow-tables', 'td:not(.to)'), both);
    const chosen = encodeURIComponent(await page.getByRole('combobox', { name: 'Page' }).inputValue());
    await agree('after', () => table('[data-panel="after"]'), async () => rows((await journeys(`&from_page=${chosen}`)).next));
    await agree('before', () => table('[data-panel="before"]'), async () => rows((await journeys(`&to_page=${chosen}`)).next));
  });

  test('retention', async () => {
    await open('/s/demo/retention');
    await page.locator('.cohort-grid').waitFor();
    const retention = () => call(`/api/v1/retention?site=demo&date_range=${RANGE}`);
    const figures = async () => (await page.locator('.retention-figures strong').allInnerTexts()).slice(1, 3).map(numberOf);
    await agree('figures', figures, async () => {
      const { weekly, monthly } = await retention();
      return [weekly.at(-1).active, monthly.at(-1).active];
    });
    const grid = () => page.locator('.cohort-grid td small').allInnerTexts();
    await agree('cohorts', async () => (await grid()).map(numberOf), async () => {
      const { cohorts } = await retention();
      return cohorts.flatMap(({ weeks }: { weeks: { visitors: number }[] }) => weeks.map(({ visitors }) => visitors).filter((visitors) => visitors > 0));
    });
    await page.locator('[data-panel="active"] .twin table').first().waitFor({ state: 'attached' });
    await agree('days', async () => (await table('[data-panel="active"] .twin')).map((row) => row.toSorted((a, b) => Number(a) - Number(b))), async () => {
      const { daily } = await retention();
      return daily.map((day: { active: number; new: number; returning: number }) => [day.active, day.new, day.returning].toSorted((a, b) => a - b));
    });
  });

  test('goals and revenue', async () => {
    await open('/s/demo/goals');
    const goals = async () => (await query({ metrics: ['visitors', 'events', 'conversion_rate'], dimensions: ['event:goal'] })).results.map(({ metrics }) => metrics);
    const byVisitors = (rows: Cells) => rows.map((row) => row.slice(0, 3)).toSorted((a, b) => Number(b[0]) - Number(a[0]) || Number(b[1]) - Number(a[1]));
    await agree('goals', async () => byVisitors(await table('.goals', 'td:not(.trend-cell)')), async () => byVisitors(await goals()));
    const measures = ['total_revenue', 'average_revenue'];
    const titles = () => page.locator('[data-measure]').evaluateAll((found) => found.map((one) => (one as HTMLElement).title));
    await agree('revenue', async () => (await titles()).map(numberOf), async () => (await query({ metrics: measures })).results[0]?.metrics);
    const payers = async () => {
      const { results } = await query({ metrics: measures, dimensions: ['visit:source'], order_by: [['total_revenue', 'desc']], pagination: { limit: 100 } });
      return restLast(results.filter(({ metrics: [amount] }) => amount !== 0)).map(({ metrics }) => metrics);
    };
    await agree('payers', () => table('.payers .bars'), payers);
  });

  test('vitals', async () => {
    await open('/s/demo/vitals');
    const vitals = () => call(`/api/v1/vitals?site=demo&date_range=${RANGE}&pages=100`);
    const cards = () =>
      page.locator('.vital:has(.percentiles)').evaluateAll((found) => found.map((card) => [card.querySelector('h2')?.textContent ?? '', ...[...card.querySelectorAll('.percentiles dd')].slice(0, 3).map((one) => one.textContent)]));
    await agree('percentiles', async () => (await cards()).toSorted(), async () => {
      const rows: Record<'name' | 'p50' | 'p75' | 'p95', never>[] = (await vitals()).vitals;
      return rows.map(({ name, p50, p75, p95 }) => [name, ...[p50, p75, p95].map((value) => vitalValue(name as VitalName, value))]).toSorted();
    });
    await agree('pages', async () => (await table('[data-panel="vital-pages"]')).map(([views]) => views).toSorted(), async () => {
      const { pages } = await vitals();
      return pages.slice(0, 15).map(({ vitals }: { vitals: { samples: number }[] }) => Math.max(...vitals.map(({ samples }) => samples))).toSorted();
    });
  });

  test('live', async () => {
    await page.goto(`${collector.url}/s/demo/live`);
    const now = () =>
      page.evaluate(
        () =>
          new Promise((resolve) => {
            const events = new EventSource('/api/v1/live?site=demo');
            const take = (event: MessageEvent) => {
              events.close();
              const { visitors, pageviews } = JSON.parse(event.data);
              resolve([visitors, pageviews]);
            };
            events.onmessage = take;
            events.addEventListener('live', take);
          }),
      );
    const shown = async () => [await page.locator('[data-visitors]').innerText(), /^[\d,]+/.exec(await page.locator('.live-head .note').first().innerText())?.[0] ?? ''].map(numberOf);
    await agree('now', shown, now);
    const today = async (dimension: string, metrics: string[]) =>
      (await query({ date_range: 'day', metrics, dimensions: [dimension], order_by: [['visitors', 'desc']], pagination: { limit: 9 } })).results.map((row) => row.metrics);
    await agree('pages', () => table('[data-panel="pages"]'), () => today('event:page', ['visitors', 'pageviews']));
    await agree('sources', () => table('[data-panel="sources"]'), () => today('visit:source', ['visitors', 'visits']));
    await agree('countries', () => table('[data-panel="countries"]'), () => today('visit:country', ['visitors', 'visits']));
  });

  test('and no page complains', () => {
    expect(complaints).toEqual([]);
  });
});
