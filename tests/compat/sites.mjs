/** The pages of `pages/` and what the collector must have counted when somebody has looked at two of them and left. */

const PLANS = { plan: { free: 1, pro: 1 } };
const counted = (pages, events, props = PLANS) => ({ visitors: 1, pages, events, props });
const SHOP = counted({ '/pricing': 1, '/help': 1 }, { signup: 2, play: 1 });
const itself = (site) => site;

/** `sendsAgain`: nothing is lost. Otherwise `countedWithoutFirst` is what is left when the first request was refused. `requests` are
 *  those of a quiet run at the most; `firstPage` is how many the first page makes, of clients that send again on the second page
 *  what was on its way when the first one was left. */
export const SITES = [
  { name: 'mixpanel (browser)', page: 'mixpanel.js', dialect: 'mixpanel', token: itself, requests: 14, sendsAgain: true, counted: SHOP },
  { name: 'segment (browser)', page: 'segment.js', dialect: 'segment', token: itself, requests: 10, firstPage: 6, sendsAgain: true, counted: SHOP },
  { name: 'rudder (browser)', page: 'rudder.js', dialect: 'rudder', token: itself, requests: 12, firstPage: 6, sendsAgain: true, counted: SHOP },
  {
    name: 'plausible-tracker (browser)',
    page: 'plausible_old.js',
    dialect: 'plausible',
    token: (site) => `${site}.test`,
    requests: 5,
    counted: SHOP,
    countedWithoutFirst: counted({ '/help': 1 }, { signup: 2, play: 1 }),
  },
  {
    name: 'plausible (browser)',
    page: 'plausible.js',
    dialect: 'plausible',
    token: (site) => `${site}.test`,
    requests: 10,
    counted: SHOP,
    countedWithoutFirst: counted({ '/help': 1 }, { signup: 2, play: 1 }),
  },
  { name: 'posthog (browser)', page: 'posthog.js', dialect: 'posthog', token: (site) => `phc_${site}`, requests: 12, sendsAgain: true, counted: SHOP },
  { name: 'amplitude (browser)', page: 'amplitude.js', dialect: 'amplitude', token: itself, requests: 12, sendsAgain: true, counted: SHOP },
  {
    name: 'aptabase (browser)',
    page: 'aptabase.js',
    dialect: 'aptabase',
    token: (site) => `A-SH-${site.length}`,
    requests: 4,
    counted: counted({}, { signup: 2, play: 1, read: 1 }),
    countedWithoutFirst: counted({}, { signup: 1, play: 1, read: 1 }, { plan: { pro: 1 } }),
  },
];
