/** Made-up answers of the API, the same on every run: enough for looking at the dashboard without a collector. */

const DAY_MS = 86_400_000;

/** @type {Record<string, [string, number][]>} */
const VALUES = {
  'event:page': [
    ['/', 9120],
    ['/pricing', 4210],
    ['/blog/hello', 3105],
    ['/features', 2250],
    ['/docs/getting-started/installation-on-a-very-small-machine', 1480],
    ['/docs', 990],
    ['/users/:id', 610],
    ['/blog', 420],
    ['/about', 212],
    ['(more)', 80],
  ],
  'event:section': [
    ['/blog', 5100],
    ['/docs', 4020],
    ['/docs/getting-started', 1600],
    ['/users', 610],
  ],
  'event:name': [
    ['pageview', 61200],
    ['signup', 1820],
    ['search', 1430],
    ['download', 610],
    ['newsletter', 214],
    ['invite', 31],
  ],
  'event:goal': [
    ['Signed up', 1820],
    ['Bought', 210],
  ],
  'event:props:plan': [
    ['free', 1210],
    ['team', 410],
    ['business', 200],
  ],
  'app:version': [
    ['4.2.1', 410],
    ['4.2.0', 180],
  ],
  'visit:source': [
    ['Google', 6210],
    ['(direct)', 5030],
    ['DuckDuckGo', 1290],
    ['news.ycombinator.com', 870],
    ['Mastodon', 410],
    ['Bing', 260],
    ['(other)', 33],
  ],
  'visit:channel': [
    ['Organic Search', 7760],
    ['Direct', 5030],
    ['Referral', 990],
    ['Organic Social', 520],
    ['Email', 120],
  ],
  'visit:utm_campaign': [
    ['spring-launch', 510],
    ['newsletter-42', 120],
  ],
  'visit:country': [
    ['DE', 4010],
    ['US', 3720],
    ['FR', 1510],
    ['GB', 1370],
    ['NL', 700],
    ['IN', 520],
    ['BR', 380],
    ['(other)', 61],
  ],
  'visit:entry_page': [
    ['/', 7120],
    ['/pricing', 2210],
  ],
  'visit:region': [
    ['DE-Bavaria', 1210],
    ['US-California', 910],
  ],
  'visit:browser': [
    ['Chrome', 7010],
    ['Firefox', 3920],
    ['Safari', 2600],
    ['Edge', 640],
    ['Samsung Internet', 210],
  ],
  'visit:os': [
    ['Windows', 4510],
    ['Android', 3830],
    ['macOS', 2950],
    ['iOS', 1890],
    ['Linux', 1200],
  ],
  'visit:device': [
    ['Desktop', 8660],
    ['Mobile', 5310],
    ['Tablet', 410],
  ],
  'visit:screen': [
    ['large', 6110],
    ['phone', 5250],
    ['medium', 3020],
  ],
  // More than one answer holds.
  'visit:referrer': Array.from({ length: 12_345 }, (_, i) => [`https://site-${i}.example/`, Math.ceil(9_000 / (i + 1))]),
  'visit:language': [
    ['en', 7110],
    ['de', 4120],
    ['fr', 1560],
    ['pt', 500],
  ],
};

/** @param {number} seed */
const noise = (seed) => {
  const x = Math.sin(seed * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
};

/**
 * @param {string} dimension `time:hour` and so on
 * @param {string} from
 * @param {string} to
 */
function seriesRows(dimension, from, to) {
  const now = Date.now();
  const step = { 'time:hour': DAY_MS / 24, 'time:week': 7 * DAY_MS, 'time:month': 30.44 * DAY_MS }[dimension] ?? DAY_MS;
  const rows = [];
  const end = Math.min(Date.parse(to) + DAY_MS, now);
  for (let at = Date.parse(from), i = 0; at < end; at += step, i++) {
    const weekday = new Date(at).getUTCDay() % 6 === 0 ? 0.62 : 1;
    const share = at + step > now ? (now - at) / step : 1;
    const rhythm = dimension === 'time:hour' ? 0.15 + Math.sin((Math.PI * (i % 24)) / 24) ** 2 : weekday;
    const visitors = Math.round((dimension === 'time:hour' ? 40 : 480) * (step / DAY_MS > 1 ? step / DAY_MS : 1) * rhythm * (0.8 + 0.4 * noise(i)) * share);
    const iso = new Date(at).toISOString();
    const label = dimension === 'time:hour' ? `${iso.slice(0, 10)} ${iso.slice(11, 13)}:00:00` : iso.slice(0, 10);
    rows.push({ label, visitors });
  }
  return rows;
}

/** What a row of so many visitors has of every measure. @type {Record<string, (visitors: number) => number>} */
const MEASURES = {
  visitors: (visitors) => visitors,
  visits: (visitors) => Math.round(visitors * 1.4),
  pageviews: (visitors) => Math.round(visitors * 4.256),
  events: (visitors) => Math.round(visitors * 4.541),
  views_per_visit: () => 3.04,
  bounce_rate: () => 41.2,
  visit_duration: () => 187,
  time_on_page: () => 52.5,
  scroll_depth: () => 63,
  conversion_rate: (visitors) => Math.round((10_000 * visitors) / 14_380) / 100,
  total_revenue: (visitors) => Math.round(visitors * 31) / 100,
  average_revenue: () => 62.58,
  percentage: (visitors) => Math.round((10_000 * visitors) / 14_380) / 100,
};

/** @param {string} metric @param {number} visitors */
const measure = (metric, visitors) => MEASURES[metric]?.(visitors) ?? 0;

/** Days of the words that the tests use. @param {unknown} range @returns {[string, string]} */
function daysOf(range) {
  if (Array.isArray(range)) return /** @type {[string, string]} */ (range);
  const today = new Date().toISOString().slice(0, 10);
  const back = { day: 0, '7d': 6, '91d': 90, '12mo': 364 }[String(range)] ?? 27;
  return [new Date(Date.now() - back * DAY_MS).toISOString().slice(0, 10), today];
}

/**
 * @param {{site_id: string, metrics: string[], date_range: unknown, dimensions?: string[], filters?: [string, string, string[]][], include?: {comparison?: unknown, total_rows?: boolean, time_labels?: boolean, currency?: string}, pagination?: {limit: number, offset?: number}}} query
 * @param {number} extra hits seen by the fake server itself
 */
export function answer(query, extra) {
  const [dimension, second] = query.dimensions ?? [];
  const share = query.filters?.length ? 0.2 : 1;
  const days = daysOf(query.date_range);
  const suppressed = query.filters?.length ? { rows: 3, visitors: 12, events: 30 } : { rows: 0, visitors: 0, events: 0 };
  const labels = dimension?.startsWith('time') ? seriesRows(dimension, ...days) : [];
  const paid = query.metrics.some((metric) => metric.endsWith('_revenue'));
  const currency = query.include?.currency ?? 'EUR';
  const meta = {
    visitors: dimension && query.filters?.length && VALUES[dimension]?.some(([value]) => value === '(other)') ? 'upper_bound' : 'daily_sum',
    ...(dimension && query.filters?.length && { other: VALUES[dimension]?.some(([value]) => value === '(other)') ? 'exact' : 'not_given' }),
    suppressed,
    timezone: 'UTC',
    ...(query.include?.time_labels && { time_labels: labels.map(({ label }) => label) }),
    ...(paid && { revenue: { currency, others: [currency === 'EUR' ? 'USD' : 'EUR'] } }),
  };
  /** @type {[string[], number][]} */
  const groups = !dimension
    ? [[[], 14_380 * share + extra]]
    : dimension.startsWith('time')
      ? labels.flatMap(({ label, visitors }) =>
          second
            ? (VALUES[second] ?? []).map(([value, all], i) => [[label, value], Math.round((visitors * all) / 14_380 * (0.7 + 0.6 * noise(visitors + i)))])
            : [[[label], Math.round(visitors * share)]],
        )
      : (VALUES[dimension] ?? []).map(([value, visitors]) => [[value], Math.round(visitors * share)]);
  const { limit = 10_000, offset = 0 } = query.pagination ?? {};
  if (query.include?.total_rows) Object.assign(meta, { total_rows: groups.length });
  const results = groups.slice(offset, offset + limit).map(([dimensions, visitors]) => {
    const metrics = query.metrics.map((metric) => measure(metric, visitors));
    if (!query.include?.comparison) return { dimensions, metrics };
    const then = query.metrics.map((metric) => measure(metric, visitors * 0.9));
    const change = metrics.map((now, i) => (then[i] ? Math.round((10_000 * (now - (then[i] ?? 0))) / (then[i] ?? 1)) / 100 : null));
    return { dimensions, metrics, comparison: { dimensions, metrics: then, change } };
  });
  return { results, meta, query: { ...query, date_range: days } };
}

/**
 * The answer about a site that never counted anything.
 * @param {{metrics: string[], dimensions?: string[]}} query
 */
export const nothing = (query) => ({
  results: query.dimensions?.length ? [] : [{ dimensions: [], metrics: query.metrics.map(() => 0) }],
  meta: { suppressed: { rows: 0, visitors: 0, events: 0 }, timezone: 'UTC' },
  query,
});

/** @param {number} beat */
export const live = (beat) => ({
  visitors: 23 + Math.round(4 * noise(beat)),
  pageviews: 141,
  minutes: Array.from({ length: 30 }, (_, i) => Math.round(9 * noise(i + beat))),
  pages: [{ value: '/', visitors: 21 }, { value: '/pricing', visitors: 9 }],
  sources: [{ value: 'Google', visitors: 12 }],
  countries: [],
});
