/** Made-up answers for funnels, journeys and retention. */

/** @typedef {{ status: number, body?: unknown }} Reply */
/** @typedef {{ id: string, name: string, steps: string[], created_at: string }} Funnel */

const GOALS = [
  { name: 'Bought', page: '/thanks' },
  { name: 'Signed up', event: 'signup' },
  { name: 'Signed up for a team', event: 'signup', property: 'plan=team' },
];

/** @type {Funnel[]} */
const FUNNELS = [
  { id: 'f1', name: 'Sign-up', steps: ['Saw pricing', 'Opened sign-up', 'Signed up'], created_at: '2026-10-01T08:00:00Z' },
  { id: 'f2', name: 'Nobody yet', steps: ['Signed up', 'Bought'], created_at: '2026-10-02T08:00:00Z' },
];

/** The funnels of each fake server. @type {WeakMap<object, Funnel[]>} */
const kept = new WeakMap();

const META = { suppressed: { rows: 0, visitors: 0, events: 0 }, visitors: 'daily_sum', timezone: 'UTC', date_range: [] };
const AWAY = { status: 503, body: { code: 'store_away', title: 'Away', detail: 'The database does not answer right now.' } };

/**
 * The answer of one of these reports' routes.
 * @param {object} state
 * @param {string} route
 * @param {URL} url
 * @param {{ name: string, steps: string[] }} body
 * @returns {Reply | undefined}
 */
export function wayRoute(state, route, url, body) {
  if (!/^\w+ \/api\/v1\/(goals|funnels|journeys|retention)(\/|$)/.test(route)) return undefined;
  const site = url.searchParams.get('site');
  if (site === 'broken.example.org') return AWAY;
  const demo = site === 'demo';
  if (route === 'GET /api/v1/goals') return { status: 200, body: { goals: demo ? GOALS : [] } };
  if (route === 'GET /api/v1/journeys') return { status: 200, body: journeys(demo, url.searchParams) };
  if (route === 'GET /api/v1/retention') return { status: 200, body: retention(demo) };
  const funnels = demo ? (kept.get(state) ?? [...FUNNELS]) : [];
  if (demo) kept.set(state, funnels);
  const id = url.searchParams.get('funnel');
  if (route === 'GET /api/v1/funnels') return { status: 200, body: id ? answerOf(funnels, id, url) : { funnels } };
  if (route === 'POST /api/v1/funnels') return added(funnels, body);
  funnels.splice(funnels.findIndex((funnel) => route.endsWith(`/${funnel.id}`)), 1);
  return { status: 204 };
}

/** @param {Funnel[]} funnels @param {{ name: string, steps: string[] }} body */
function added(funnels, body) {
  if (funnels.some(({ name }) => name === body.name)) {
    const detail = 'a funnel of this name exists already; choose another name';
    return { status: 422, body: { code: 'bad_funnel', title: 'Not a funnel', detail } };
  }
  const made = { ...body, id: `f${funnels.length + 7}`, created_at: '2026-11-20T10:00:00Z' };
  funnels.push(made);
  return { status: 201, body: made };
}

/** @param {Funnel[]} funnels @param {string} id @param {URL} url */
function answerOf(funnels, id, { searchParams }) {
  const funnel = funnels.find((one) => one.id === id) ?? FUNNELS[0];
  const counted = id === 'f1' ? [1952, 479, 172] : funnel?.steps.map(() => 0);
  const share = (/** @type {number} */ part, /** @type {number} */ whole) => (whole ? Math.round((10_000 * part) / whole) / 100 : 0);
  const stepsOf = (/** @type {number[]} */ numbers) => funnel?.steps.map((name, i) => {
    const [now = 0, before = 0, first = 0] = [numbers[i], numbers[Math.max(0, i - 1)], numbers[0]];
    return { name, visitors: now, events: now, conversion_rate: share(now, first), step_rate: share(now, before) };
  });
  const today = Date.parse(new Date().toISOString().slice(0, 10));
  const day = (/** @type {number} */ back) => new Date(today - back * 86_400_000).toISOString().slice(0, 10);
  const series = (/** @type {number} */ back, /** @type {number} */ rate) =>
    searchParams.has('interval') ? Array.from({ length: 7 }, (_, i) => ({ from: day(back - i), visitors: [70, 20, 6 + i], conversion_rate: rate + i })) : undefined;
  const then = searchParams.has('comparison') && { date_range: [day(13), day(7)], steps: stepsOf([1_700, 500, 136].map((n) => (id === 'f1' ? n : 0))), series: series(13, 5) };
  return { funnel: id, name: funnel?.name, steps: stepsOf(counted ?? []), series: series(6, 7), ...(then && { comparison: then }), meta: META };
}

/** @param {boolean} demo @param {URLSearchParams} asked */
function journeys(demo, asked) {
  if (!demo) return { next: [], second: [], third: [], meta: META };
  const [start, end] = [asked.get('from_page'), asked.get('to_page')];
  /** @param {string} from @param {string} to @param {number} events */
  const row = (from, to, events) => ({ from, to, events, visitors: Math.ceil(events * 0.9) });
  const long = '/docs/getting-started/installation-on-a-very-small-machine';
  const next = [row('/', '/pricing', 810), row('/pricing', '/sign-up', 402), row('/', long, 377), row('/blog/hello', '/', 240), row('/pricing', '/', 120)];
  const second = [row('/', '/pricing', 610), row('/', long, 300), row('/blog/hello', '/', 190), row('/', '/blog', 95), row('/pricing', '/sign-up', 80)];
  const third = [row('/pricing', '/sign-up', 260), row(long, '/docs', 140), row('/', '/pricing', 61)];
  /** @param {{ from: string, to: string }[]} rows */
  const listed = (rows) => rows.filter(({ from, to }) => (!start || from === start) && (!end || to === end));
  const rest = row(start ?? '(other)', end ?? '(other)', start ? 77 : end ? 55 : 930);
  const rare = end ? [] : [row(start ?? '(other)', '(other)', 420)];
  return { next: [...listed(next), rest], second: [...listed(second), ...rare], third: listed(third), meta: META };
}

/** @param {boolean} demo */
function retention(demo) {
  if (!demo) return { cohorts: [], daily: [{ day: '2026-11-20', active: 0, new: 0, returning: 0 }], weekly: [], monthly: [], meta: META };
  const WEEK = 7 * 86_400_000;
  const day = (/** @type {number} */ ms) => new Date(ms).toISOString().slice(0, 10);
  const first = Date.parse('2026-10-26');
  const cohorts = [0, 120, 90, 40].map((visitors, at) => ({
    week: day(first + at * WEEK),
    visitors,
    weeks: Array.from({ length: 4 - at }, (_, since) => {
      const came = visitors ? Math.round(visitors * (since ? 0.4 / since : 1)) : since && 30 - since;
      return { since, visitors: came, share: visitors ? Math.round((10_000 * came) / visitors) / 100 : null };
    }),
  }));
  const daily = Array.from({ length: 28 }, (_, at) => {
    const [fresh, back] = [60 - at, 90 + 2 * at];
    return { day: day(first + (at * WEEK) / 7), active: fresh + back, new: fresh, returning: back };
  });
  const weekly = [0, 1, 2, 3].map((at) => ({ from: day(first + at * WEEK), active: 410 + at }));
  return { cohorts, daily, weekly, monthly: [{ from: '2026-10-01', active: 190 }, { from: '2026-11-01', active: 640 }], meta: META };
}
