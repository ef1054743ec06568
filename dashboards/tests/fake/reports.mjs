/** Made-up answers for the reports beside traffic: features, goals and revenue, vitals, numbers. */

/** @typedef {{ status: number, body?: unknown }} Reply */
/** @typedef {{ name: string, page?: string, event?: string, property?: string }} Goal */

const GOALS = [
  { name: 'Bought', page: '/thanks' },
  { name: 'Signed up', event: 'signup' },
  { name: 'Signed up for a team', event: 'signup', property: 'plan=team' },
];

/** The goals of each fake server. @type {WeakMap<object, Goal[]>} */
const kept = new WeakMap();

/** @param {object} state */
function goalsOf(state) {
  const goals = kept.get(state) ?? [...GOALS];
  kept.set(state, goals);
  return goals;
}

const AWAY = { status: 503, body: { code: 'store_away', title: 'Away', detail: 'The database does not answer right now.' } };

/**
 * The answer of one of these reports' routes.
 * @param {object} state
 * @param {string} route
 * @param {URL} url
 * @param {Goal} body
 * @returns {Reply | undefined}
 */
export function reportRoute(state, route, url, body) {
  const site = url.searchParams.get('site');
  const ours = /^\w+ \/api\/v1\/(goals|vitals|numbers|properties)(\/|$)/.test(route);
  if (!ours) return undefined;
  if (site === 'broken.example.org') return AWAY;
  const goals = site === 'demo' ? goalsOf(state) : [];
  if (route === 'GET /api/v1/goals') return { status: 200, body: { goals } };
  if (route === 'GET /api/v1/vitals') return { status: 200, body: vitals(site, url) };
  if (route === 'GET /api/v1/properties') return { status: 200, body: properties(site, url.searchParams.get('event')) };
  if (route === 'GET /api/v1/numbers') return { status: 200, body: numbers(site) };
  if (route === 'POST /api/v1/goals') {
    if (goals.some(({ name }) => name === body.name)) {
      return { status: 409, body: { code: 'goal_exists', title: 'There is one', detail: 'A goal of this name is there already' } };
    }
    goals.push(body);
    return { status: 201, body };
  }
  const name = decodeURIComponent(route.split('/').at(-1) ?? '');
  if (name === 'Signed up') return { status: 409, body: { code: 'goal_in_use', title: 'In use', detail: 'A funnel has it as a step' } };
  goals.splice(goals.findIndex((goal) => goal.name === name), 1);
  return { status: 204 };
}

/** @param {string | null} site @param {URL} url */
function vitals(site, url) {
  const filtered = url.searchParams.get('value') === 'Tablet';
  if (site !== 'demo' || filtered) return { vitals: [], meta: META };
  const vitals = vitalRows(1).map(({ p75, digits, ...row }) => {
    const buckets = [12, 60, 210, 540, 880, 1_020, 700, 430, 260, 95, 40, 8].map((samples, i) => {
      const at = (/** @type {number} */ step) => Number((p75 * 2 ** ((step - 7) / 4)).toFixed(digits + 2));
      return { from: at(i), to: at(i + 1), samples };
    });
    return { ...row, p75, buckets };
  });
  const [from, to] = spanOf(url);
  const step = { day: 1, week: 7, month: 30 }[url.searchParams.get('interval') ?? ''];
  const days = Array.from({ length: Math.floor((to - from) / DAY_MS) + 1 }, (_, i) => from + i * DAY_MS);
  const series = step && days.filter((_, i) => i % step === 0).map((at) => ({
    from: new Date(at).toISOString().slice(0, 10),
    vitals: vitalRows(1 + 0.1 * Math.sin(at / DAY_MS)),
  }));
  const pages = url.searchParams.has('pages') && [['/', 1], ['/pricing', 0.7], ['/blog/hello', 1.9], ['/docs', 1.3]].map(([page, times]) => ({
    page,
    vitals: vitalRows(Number(times)).slice(0, page === '/docs' ? 3 : 5),
  }));
  const meta = pages ? { ...META, suppressed: { rows: 4, visitors: 0, events: 0 } } : META;
  return { vitals, ...(series && { series }), ...(pages && { pages }), meta };
}

const DAY_MS = 86_400_000;

/** @param {URL} url @returns {[number, number]} first and last day */
function spanOf({ searchParams }) {
  const today = Date.parse(new Date().toISOString().slice(0, 10));
  const [from, to] = [searchParams.get('from'), searchParams.get('to')];
  if (from && to) return [Date.parse(from), Date.parse(to)];
  return [today - ({ day: 0, '7d': 6, '91d': 90 }[searchParams.get('date_range') ?? ''] ?? 27) * DAY_MS, today];
}

/** The vitals of a span or page, so many times the usual. @param {number} times */
function vitalRows(times) {
  /** @param {string} name @param {number} p75 @param {number} good @param {number} digits */
  const row = (name, p75, good, digits = 0) => {
    const of = (/** @type {number} */ share) => Number((p75 * share * times).toFixed(digits));
    const poor = Math.round((100 - good) / 4);
    return { name, digits, samples: 4_255, p50: of(0.6), p75: of(1), p95: of(1.7), good, needs_improvement: 100 - good - poor, poor };
  };
  return [row('LCP', 2_360, 78.4), row('INP', 240, 68), row('CLS', 0.31, 40, 3), row('FCP', 1_204, 92), row('TTFB', 313, 98)];
}

/** @param {string | null} site @param {string | null} event */
const properties = (site, event) => {
  const row = (/** @type {string} */ key, /** @type {number} */ events, /** @type {number | null} */ of_event, kind = 'text') => ({ key, kind, events, values: 3, of_event });
  const rows = [row('plan', 1_820, event === 'signup' ? 1_820 : 0), row('took_ms', 1_192, event === 'search' ? 1_192 : 0, 'number'), row('method', 910, null)];
  return { properties: site === 'demo' ? rows : [], meta: META };
};

/** @param {string | null} site */
const numbers = (site) => ({
  numbers: site === 'demo' ? [{ key: 'took_ms', samples: 1_192, p50: 217.76, p75: 344.95, p95: 571.92 }] : [],
  meta: META,
});

const META = { suppressed: { rows: 0, visitors: 0, events: 0 }, visitors: 'daily_sum', timezone: 'UTC', date_range: [] };
