/**
 * A stand-in for the collector, for front-end work only: serves `dist/` under the real content security policy, answers
 * the API with made-up numbers and remembers the beacons it gets. What the collector really does is tested against the
 * real binary. `npm run dev` starts it by hand.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { wayRoute } from './ways.mjs';
import { answer, live, nothing } from './numbers.mjs';
import { reportRoute } from './reports.mjs';
import { settingsRoute, sharedRoute } from './settings.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/** @param {string} path */
function fileFor(path) {
  if (path === '/' || path === '/sign-in' || path.startsWith('/s/')) return 'app/index.html';
  if (/^\/hc(\.v\d+)?(\.cohorts)?\.js$/.test(path)) return `tracker${path}`;
  if (path === '/favicon.ico') return 'app/favicon.svg';
  if (path === '/demo/') return 'demo/index.html';
  if (path.startsWith('/demo/features/')) return 'demo/features.html';
  return path.startsWith('/demo/') ? path.slice(1) : `app${path}`;
}

/** @param {Request} request */
async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {unknown} [body]
 */
function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

/**
 * Starts the stand-in. `pages` adds pages and scripts by path, for the tracker's tests.
 * @param {{ port?: number, pages?: Record<string, string>, pagePolicy?: string, signedIn?: boolean }} [options]
 */
export async function startFake({ port = 0, pages = {}, pagePolicy = CSP, signedIn = true } = {}) {
  /** @type {Record<string, any>[]} */
  const hits = [];
  /** @type {{ cookies: string[], pixels: number }} */
  const seen = { cookies: [], pixels: 0 };
  const state = { signedIn, down: false, token: 'one-time', role: 'owner', added: /** @type {string[]} */ ([]), batches: 0, hits, seen, imported: /** @type {object[]} */ ([]) };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname === '/e') {
      hits.push({ type: request.headers['content-type'], ...JSON.parse(await bodyOf(request)) });
      if (request.headers.cookie) seen.cookies.push(request.headers.cookie);
      response.writeHead(202, { 'access-control-allow-origin': '*' }).end();
    } else if (url.pathname === '/n.gif') {
      seen.pixels += 1;
      response.writeHead(200, { 'content-type': 'image/gif' }).end();
    } else if (url.pathname.startsWith('/api/')) {
      if (state.down) request.destroy();
      else await api(state, request, response, url);
    } else if (pages[url.pathname] !== undefined) {
      const type = TYPES[extname(url.pathname)] ?? TYPES['.html'];
      response.writeHead(200, { 'content-type': type, 'content-security-policy': pagePolicy });
      response.end(pages[url.pathname]);
    } else {
      await file(response, fileFor(url.pathname));
    }
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    state,
    /** Breaks what is open, as a restart of the collector does. */
    dropStreams: () => server.closeAllConnections(),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * @param {Response} response
 * @param {string} path below `dist/`
 */
async function file(response, path) {
  const content = await readFile(DIST + path).catch(() => undefined);
  if (!content) return void response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': CSP,
    'cache-control': 'no-cache',
    ...(path.startsWith('tracker/') && { 'access-control-allow-origin': '*' }),
  });
  response.end(content);
}

/**
 * @param {{ signedIn: boolean, token: string, role: string, added: string[], batches: number, hits: unknown[], imported: object[] }} state
 * @param {Request} request
 * @param {Response} response
 * @param {URL} url
 */
async function api(state, request, response, url) {
  const body = JSON.parse((await bodyOf(request)) || '{}');
  const route = `${request.method} ${url.pathname}`;
  if (route === 'POST /api/v1/session') {
    if (body.password !== 'correct horse') return json(response, 401, { code: 'bad_credentials', title: 'No' });
    state.signedIn = true;
    return json(response, 204);
  }
  if (route === 'GET /api/v1/claim') {
    if (url.searchParams.get('token') !== state.token) return json(response, 410, { code: 'link_used', title: 'Used' });
    return json(response, 200, { user: 'owner' });
  }
  if (route === 'POST /api/v1/claim') {
    state.signedIn = true;
    state.token = '';
    return json(response, 204);
  }
  if (route === 'GET /api/v1/session' && !state.signedIn) return json(response, 204);
  const refused = refusal(state, request, route, url, body);
  // Each answer of a batch says it; a browser logs an error for every status that is one.
  if (refused && route === 'POST /api/v2/query/batch') return json(response, 200, { answers: body.queries.map(() => refused) });
  if (refused) return json(response, refused.status, refused.body);
  if (route === 'GET /api/v1/session') {
    const sites = [...SESSION.sites, ...state.added.map((id) => ({ id, timezone: 'UTC', domains: [] }))];
    return json(response, 200, { ...SESSION, owner: state.role === 'owner', sites: sites.map((site) => ({ ...site, role: state.role })) });
  }
  if (route === 'POST /api/v1/sites') {
    if (SESSION.sites.some(({ id }) => id === body.id)) return json(response, 409, { code: 'site_exists', title: 'There is one', detail: 'A site of this name is there already' });
    state.added.push(body.id);
    return json(response, 201, body);
  }
  if (route === 'DELETE /api/v1/session') {
    state.signedIn = false;
    return json(response, 204);
  }
  if (route === 'POST /api/v2/query') {
    const { status, body: said } = one(state, body);
    return json(response, status, said);
  }
  if (route === 'POST /api/v2/query/batch') {
    if (!body.queries.every(isBeat)) state.batches += 1;
    return json(response, 200, { answers: body.queries.map((/** @type {any} */ query) => one(state, query)) });
  }
  const reply = reportRoute(state, route, url, body);
  if (reply) return json(response, reply.status, reply.body);
  const setting = settingsRoute(state, route, url, body);
  if (setting) return json(response, setting.status, setting.body);
  if (route === 'GET /api/v1/live') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let beat = 0;
    const quiet = url.searchParams.get('site') === 'new.example.org';
    const now = () => (quiet ? { visitors: 0, pageviews: state.hits.length, minutes: Array(30).fill(0) } : live(beat++));
    const may = () => !refusal(state, request, route, url, body);
    const send = () => (may() ? response.write(`data: ${JSON.stringify(now())}\n\n`) : response.end());
    send();
    const timer = setInterval(send, 2_000);
    return void response.on('close', () => clearInterval(timer));
  }
  const way = wayRoute(state, route, url, body);
  if (way) return json(response, way.status, way.body);
  return json(response, 404, { code: 'unknown_route', title: 'Not found' });
}

/**
 * What is said to whoever may not ask, and about a link itself; undefined: they may.
 * @param {{ signedIn: boolean }} state
 * @param {Request} request
 * @param {string} route
 * @param {URL} url
 * @param {any} body
 */
function refusal(state, request, route, url, body) {
  const link = request.headers['headcount-share'] ?? url.searchParams.get('share');
  if (link || route === 'POST /api/v1/share') return sharedRoute(String(link), route, body);
  return state.signedIn ? undefined : { status: 401, body: { code: 'not_signed_in', title: 'Not signed in' } };
}

/**
 * Whether a query is the look whether the numbers have moved.
 * @param {any} query
 */
const isBeat = (query) => query.date_range === 'day' && !query.dimensions && String(query.metrics) === 'events';

/**
 * The answer to one query.
 * @param {{ hits: unknown[], imported: object[] }} state
 * @param {any} query
 */
function one(state, query) {
  if (query.site_id === 'new.example.org') return { status: 200, body: nothing(query) };
  if (query.site_id === 'broken.example.org' && query.dimensions?.length) {
    return { status: 503, body: { code: 'store_away', title: 'Away', detail: 'The database does not answer right now.' } };
  }
  const [filter] = query.filters ?? [];
  if (filter?.[1] === 'event:name' && query.dimensions?.[0]?.startsWith('event:props:') && query.dimensions[0] !== 'event:props:plan') {
    return { status: 422, body: { code: 'crossing_not_kept', title: 'Not kept', detail: 'Kept are pairs with listed properties.' } };
  }
  const body = answer(query, state.hits.length);
  if (state.imported.length > 0) Object.assign(body.meta, { imported: state.imported });
  return { status: 200, body };
}

const SESSION = {
  user: 'owner',
  sites: ['demo', 'new.example.org', 'broken.example.org'].map((id) => ({ id, timezone: 'UTC', domains: [] })),
  credits: [{ text: 'Countries: NRO, CC BY 4.0', url: 'https://www.nro.net/' }],
  version: '0.1.0',
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await startFake({ port: 8650 });
  process.stdout.write(`${url}/s/demo\n`);
}
