/** Made-up answers for settings: the site, its share links, keys and notes, and the link as its reader meets it. */

/** @typedef {{ status: number, body?: unknown }} Reply */
/** @typedef {{ [name: string]: any }} Document */

const SITE = {
  id: 'demo',
  accept: [],
  crossings: 'all',
  domains: ['example.org'],
  excluded_paths: ['/admin/**'],
  filter_properties: ['plan'],
  min_visitors: 5,
  numbers: ['results'],
  retention_months: 25,
  strict: false,
  timezone: 'UTC',
};
const MADE = '2026-11-20T10:00:00Z';
const CREDITS = [{ text: 'Countries: NRO, CC BY 4.0', url: 'https://www.nro.net/' }];

/** What each fake server keeps. @type {WeakMap<object, { site: Document, shares: Document[], keys: Document[], annotations: Document[], imports: Document[] }>} */
const kept = new WeakMap();

/** @param {object} state */
function memoryOf(state) {
  const found = kept.get(state) ?? {
    site: SITE,
    shares: [{ id: 's1', name: 'Board', has_password: true, created_at: MADE }],
    keys: [
      { id: 'k1', scope: 'read', label: 'Nightly report', created_at: MADE, revoked_at: null },
      { id: 'k2', scope: 'write', label: '', created_at: MADE, revoked_at: MADE },
    ],
    annotations: [],
    imports: [
      { id: 'i1', format: 'combined', kind: 'events', began_at: MADE, ended_at: MADE, first_day: '2026-10-01', last_day: '2026-10-31', events: 48_210 },
      { id: 'i2', format: 'plausible', kind: 'totals', began_at: MADE, ended_at: null, first_day: '2025-01-01', last_day: '2025-12-31', events: 0 },
    ],
  };
  kept.set(state, found);
  return found;
}

/** @param {number} status @param {string} code @param {string} detail @returns {Reply} */
const no = (status, code, detail) => ({ status, body: { code, title: 'No', detail } });

/**
 * @param {object} state
 * @param {string} route
 * @param {URL} url
 * @param {Document} body
 * @returns {Reply | undefined}
 */
export function settingsRoute(state, route, url, body) {
  const memory = memoryOf(state);
  if (route === 'GET /api/v1/audit') return { status: 200, body: { changes: changes(Number(url.searchParams.get('limit'))) } };
  if (/^\w+ \/api\/v1\/sites\/[^/]+\/imports/.test(route)) return ofImports(memory, route, url);
  const found = /^(\w+) \/api\/v1\/(?:sites\/([^/]+)\/)?(shares|keys|annotations)(?:\/(.+))?$/.exec(route);
  if (/^\w+ \/api\/v1\/sites\/[^/]+$/.test(route)) return ofSite(memory, route, body);
  if (!found) return undefined;
  const [, method, , what, id] = found;
  const list = memory[/** @type {'shares' | 'keys' | 'annotations'} */ (what)];
  const empty = (url.searchParams.get('site') ?? found[2]) !== 'demo';
  if (method === 'GET') return { status: 200, body: { [what ?? '']: empty ? [] : list } };
  if (method === 'PATCH') {
    const at = list.findIndex((one) => one.id === id);
    list[at] = { ...list[at], ...body };
    return { status: 200, body: list[at] };
  }
  if (method === 'POST') return added(what ?? '', list, body, url.origin);
  const at = list.findIndex((one) => one.id === id);
  if (what === 'keys') list[at] = { ...list[at], revoked_at: MADE };
  else list.splice(at, 1);
  return { status: 204 };
}

/** @param {number} limit */
const changes = (limit) =>
  Array.from({ length: Math.min(limit, 14) }, (_, i) => ({
    at: `2026-11-20T10:${String(59 - i)}:00Z`,
    who: i % 3 ? 'owner' : 'key k1',
    what: i % 2 ? 'site_edited' : 'annotation_added',
    about: 'demo',
    site: 'demo',
    detail: i % 2 ? `domains: example.org; time zone: Europe/Berlin; minimum: 5 visitors; accepts: ${i % 4 === 1 ? 'ga4:G-ABC123' : 'nothing'}` : `a${i} 2026-11-20: New prices`,
  }));

/** @param {{ imports: Document[] }} memory @param {string} route @param {URL} url @returns {Reply} */
function ofImports(memory, route, url) {
  if (!url.pathname.includes('/sites/demo/')) return { status: 200, body: { imports: [] } };
  if (route.startsWith('GET')) return { status: 200, body: { imports: memory.imports } };
  memory.imports = memory.imports.filter(({ id }) => !route.endsWith(`/${id}`));
  return { status: 204 };
}

/** @param {{ site: Document }} memory @param {string} route @param {Document} body @returns {Reply} */
function ofSite(memory, route, body) {
  const id = decodeURIComponent(route.split('/').at(-1) ?? '');
  if (route.startsWith('DELETE')) return body.confirm === id ? { status: 202 } : no(422, 'not_confirmed', 'Send the id once more');
  if (body.timezone === 'Mars/Base') return no(422, 'bad_timezone', 'timezone: there is no zone of this name');
  if (body.numbers?.includes('plan')) return no(422, 'bad_setting', 'a goal of the site asks for a value of this property');
  memory.site = { ...memory.site, ...body };
  return { status: 200, body: { ...memory.site, id } };
}

/** @param {string} what @param {Document[]} list @param {Document} body @param {string} origin @returns {Reply} */
function added(what, list, body, origin) {
  const id = `n${list.length + 7}`;
  if (what === 'annotations') {
    list.push({ id, ...body });
    return { status: 201, body: { id, ...body } };
  }
  if (what === 'keys') {
    const key = { id, scope: body.scope, label: body.label ?? '', created_at: MADE, revoked_at: null };
    list.push(key);
    return { status: 201, body: { ...key, key: 'hc_k_secret' } };
  }
  const share = { id, name: body.name, has_password: Boolean(body.password), created_at: MADE };
  list.push(share);
  return { status: 201, body: { ...share, token: 'hc_s_secret', url: `${origin}/s/demo?share=hc_s_secret` } };
}

/**
 * A shared link as its reader meets it: `hc_s_open`, and `hc_s_locked` with the password `correct horse`. Undefined: the
 * numbers may be read.
 * @param {string} sent
 * @param {string} route
 * @param {Document} body
 * @returns {Reply | undefined}
 */
export function sharedRoute(sent, route, body) {
  if (route === 'POST /api/v1/share') {
    if (body.token !== 'hc_s_locked') return no(401, 'bad_share', 'This link is unknown');
    if (body.password !== 'correct horse') return no(401, 'bad_credentials', 'The password of this link is not right');
    return { status: 200, body: { pass: 'hc_p_1', expires_at: MADE } };
  }
  if (!['hc_s_open', 'hc_s_locked', 'hc_p_1'].includes(sent)) return no(401, 'bad_share', 'This link is unknown, or has been removed');
  const locked = sent === 'hc_s_locked';
  if (route === 'GET /api/v1/share') {
    const told = locked ? { name: null, timezone: null, min_visitors: null } : { name: 'Press', timezone: 'UTC', min_visitors: 5 };
    return { status: 200, body: { site: 'demo', needs_password: locked, ...told, credits: CREDITS, version: '0.1.0' } };
  }
  if (locked) return no(401, 'share_locked', 'This link opens with its password');
  const reads = /^(POST \/api\/v2\/query|GET \/api\/v1\/(live|journeys|retention|vitals|numbers|goals|funnels|annotations))/.test(route);
  return reads ? undefined : no(403, 'wrong_scope', 'A shared link only reads numbers');
}
