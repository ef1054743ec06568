/** The programs of `clients/` and what the collector must have counted when they end. */

/** Page views, features and properties that a client's program sends; one visitor unless it says otherwise. */
const counted = (pages, events, props) => ({ visitors: 1, pages, events, ...(props ? { props } : {}) });
const itself = (site) => site;

const PLANS = { plan: { free: 1, pro: 1 } };
const LEVELS = { method: { mail: 1 }, level: { 3: 1, 4: 1 } };
/** What Segment's clients and those like it send, all in a batch that they send again until it is taken. */
const SEGMENT = counted({ '/pricing': 1, Home: 1 }, { signup: 2, play: 1 }, PLANS);

/**
 * `sendsAgain`: nothing is lost. Otherwise `countedWithoutFirst` is what is left when the first request was refused, and
 * `failures` how often the client tells its app (2: of the refusal, and of the answer that was lost).
 * `requests` are those of a quiet run at the most; `says` is what it prints then; `isTold` is whether it learns that a key is unknown.
 */
export const APPS = [
  {
    name: 'mixpanel (node)',
    program: 'mixpanel_node.mjs',
    dialect: 'mixpanel',
    token: itself,
    requests: 10,
    says: /api_key is deprecated/,
    counted: counted({}, { signup: 3, play: 1, pause: 2, stop: 1 }, { plan: { free: 1, pro: 1, old: 1 } }),
    countedWithoutFirst: counted({}, { signup: 2, play: 1, pause: 2, stop: 1 }, { plan: { pro: 1, old: 1 } }),
  },
  {
    // It would send again, over https.
    name: 'mixpanel (python)',
    program: 'mixpanel_python.py',
    dialect: 'mixpanel',
    token: itself,
    requests: 8,
    counted: counted({}, { signup: 2, play: 1, pause: 2, stop: 1 }, PLANS),
    countedWithoutFirst: counted({}, { signup: 1, play: 1, pause: 2, stop: 1 }, { plan: { pro: 1 } }),
  },
  { name: 'segment (node)', program: 'segment_node.mjs', dialect: 'segment', token: itself, requests: 2, sendsAgain: true, counted: SEGMENT },
  { name: 'segment (python)', program: 'segment_python.py', dialect: 'segment', token: itself, requests: 3, sendsAgain: true, counted: SEGMENT },
  { name: 'rudder (node)', program: 'rudder_node.mjs', dialect: 'rudder', token: itself, requests: 2, sendsAgain: true, counted: SEGMENT },
  { name: 'rudder (python)', program: 'rudder_python.py', dialect: 'rudder', token: itself, requests: 2, sendsAgain: true, counted: SEGMENT },
  {
    name: 'umami (node)',
    program: 'umami_node.mjs',
    dialect: 'umami',
    token: (site) => `${Buffer.from(site).toString('hex').slice(0, 8)}-5b3d-4c1e-9a70-${Buffer.from(site).toString('hex').slice(-12)}`,
    requests: 6,
    // Its named events carry no id: for the collector they are of somebody else.
    counted: { ...counted({ '/pricing': 2 }, { signup: 2, play: 1 }, PLANS), visitors: 2 },
    countedWithoutFirst: { ...counted({ '/pricing': 1 }, { signup: 2, play: 1 }, PLANS), visitors: 2 },
  },
  {
    name: 'matomo (node)',
    program: 'matomo_node.mjs',
    dialect: 'matomo',
    isTold: false,
    token: (site) => String(site.length),
    requests: 4,
    counted: counted({ '/pricing': 2, '/help': 1 }, { signup: 1, play: 1, search: 1 }),
    countedWithoutFirst: counted({ '/pricing': 1, '/help': 1 }, { signup: 1, play: 1, search: 1 }),
  },
  {
    name: 'posthog (node)',
    program: 'posthog_node.mjs',
    dialect: 'posthog',
    token: (site) => `phc_${site}`,
    requests: 2,
    sendsAgain: true,
    counted: counted({ '/pricing': 1 }, { signup: 2, play: 1 }, PLANS),
  },
  {
    name: 'posthog (python)',
    program: 'posthog_python.py',
    dialect: 'posthog',
    token: (site) => `phc_${site}`,
    requests: 2,
    sendsAgain: true,
    counted: counted({ '/pricing': 1 }, { signup: 2, play: 1 }, PLANS),
  },
  {
    name: 'amplitude (node)',
    program: 'amplitude_node.mjs',
    dialect: 'amplitude',
    token: itself,
    requests: 2,
    sendsAgain: true,
    counted: counted({}, { signup: 2, play: 1, revenue_amount: 1 }, PLANS),
  },
  {
    name: 'ga4-mp (node)',
    program: 'ga4_node.mjs',
    dialect: 'ga4',
    isTold: false,
    token: (site) => `G-${site.length}`,
    requests: 2,
    failures: 0,
    counted: counted({ '/pricing': 1 }, { sign_up: 1, play: 2 }, LEVELS),
    countedWithoutFirst: counted({}, { play: 2 }, { method: {}, level: { 3: 1, 4: 1 } }),
  },
  {
    name: 'ga4mp (python)',
    program: 'ga4_python.py',
    dialect: 'ga4',
    isTold: false,
    token: (site) => `G-${site.length}`,
    requests: 5,
    // The app's instance is somebody else than the page's client.
    counted: { ...counted({ '/pricing': 1 }, { sign_up: 1, play: 2, open: 1 }, LEVELS), visitors: 2 },
    countedWithoutFirst: { ...counted({}, { sign_up: 1, play: 2, open: 1 }, LEVELS), visitors: 2 },
  },
  {
    name: 'universal-analytics (node)',
    program: 'universal_node.mjs',
    dialect: 'ga4',
    isTold: false,
    token: (site) => `UA-${site.length}-1`,
    requests: 5,
    counted: counted({ '/pricing': 1, '/help': 1, Home: 1 }, { signup: 2, play: 1 }),
    countedWithoutFirst: counted({ '/help': 1, Home: 1 }, { signup: 2, play: 1 }),
  },
];
