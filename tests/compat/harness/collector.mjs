/** The collector under test: the real program with the engine it has, on a state directory of its own. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = resolve(process.env.HEADCOUNT_BINARY ?? `${ROOT}target/release/headcount`);
const LINK = /sign-in\?token=([\w.~-]+)/;
const PATIENCE = 60_000;

/** Asks until `holds` answers with something, and returns that. */
export async function until(what, holds, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const held = await holds();
    if (held) return held;
    if (Date.now() > end) throw new Error(`gave up waiting: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

export class Collector {
  /** Starts one and signs its owner in. */
  static async start() {
    const collector = new Collector();
    collector.directory = await mkdtemp(join(tmpdir(), 'headcount-compat-'));
    collector.state = join(collector.directory, 'state');
    await mkdir(collector.state);
    const [listen, ops] = [await freePort(), await freePort()];
    collector.url = `http://127.0.0.1:${listen}`;
    collector.ops = `http://127.0.0.1:${ops}`;
    const own = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('HEADCOUNT_') || name === 'HEADCOUNT_ENGINE__LIBRARY',
    );
    collector.child = spawn(PROGRAM, ['serve'], {
      cwd: ROOT,
      env: {
        ...Object.fromEntries(own),
        HEADCOUNT_STATE_DIR: collector.state,
        HEADCOUNT_LISTEN__PUBLIC: `127.0.0.1:${listen}`,
        HEADCOUNT_LISTEN__OPS: `127.0.0.1:${ops}`,
        HEADCOUNT_LOG__LEVEL: 'trace',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    collector.child.stderr.pipe(createWriteStream(join(collector.directory, 'log')));
    try {
      await collector.#signIn(await linkFrom(collector.child));
    } catch (error) {
      await collector.stop();
      throw error;
    }
    return collector;
  }

  async #signIn(token) {
    await until('the collector is ready', async () => (await fetch(`${this.ops}/readyz`).catch(() => null))?.ok);
    const claimed = await this.#send('POST', '/api/v1/claim', { token, password: 'correct horse battery' });
    this.cookie = claimed.headers.get('set-cookie').split(';')[0];
  }

  #send(method, path, body) {
    return fetch(this.url + path, {
      method,
      headers: {
        'Content-Type': 'application/json',
        'Sec-Fetch-Site': 'same-origin',
        ...(this.cookie ? { Cookie: this.cookie } : {}),
      },
      body: JSON.stringify(body),
    });
  }

  /** Adds sites, `{site, accept}` each, and waits until the collector knows them and the tokens they accept. */
  async addSites(sites) {
    for (const { site, accept } of sites) await this.#addSite(site, accept);
    // What was added last is known last.
    const { site } = sites.at(-1);
    await until(`${site} is known`, async () => (await this.#query(site, {})).ok);
  }

  async #addSite(id, accept) {
    const done = async (answer, status) => {
      if (answer.status !== status) throw new Error(`${id}: ${answer.status} ${await answer.text()}`);
    };
    await done(await this.#send('POST', '/api/v1/sites', { id, timezone: noonZone() }), 201);
    await done(await this.#send('PATCH', `/api/v1/sites/${id}`, { accept: [accept] }), 200);
  }

  #query(site, query) {
    const whole = { site_id: site, metrics: ['visitors', 'events'], date_range: 'day', ...query };
    return this.#send('POST', '/api/v2/query', whole);
  }

  /** How many events a site counted today, page views among them. */
  async total(site) {
    const answer = await this.#query(site, { metrics: ['events'] });
    return (await answer.json()).results[0].metrics[0];
  }

  /** What one site counted today: visitors, page views by page, events by name, values by property. Without fences. */
  async counted(site, properties = []) {
    const rows = async (metric, dimension) => {
      const answer = await this.#query(site, { metrics: [metric], dimensions: [dimension] });
      if (!answer.ok) throw new Error(`${dimension}: ${answer.status} ${await answer.text()}`);
      const { results } = await answer.json();
      const pairs = results.map(({ dimensions: [value], metrics: [count] }) => [value, count]);
      return Object.fromEntries(pairs.filter(([, count]) => count > 0));
    };
    const total = await (await this.#query(site, {})).json();
    const { [FENCE]: fences, pageview, ...events } = await rows('events', 'event:name');
    const props = {};
    for (const key of properties) props[key] = await rows('events', `event:props:${key}`);
    return {
      visitors: total.results[0].metrics[0] - (fences ? 1 : 0),
      pages: await rows('pageviews', 'event:page'),
      events,
      ...(properties.length > 0 ? { props } : {}),
    };
  }

  /** Waits until everything that was accepted up to now is visible: an event sent last is. */
  async settled(site) {
    const fences = async () => {
      const answer = await this.#query(site, { dimensions: ['event:name'] });
      const { results } = await answer.json();
      return results.find(({ dimensions: [name] }) => name === FENCE)?.metrics[1] ?? 0;
    };
    const before = await fences();
    const answer = await this.#send('POST', '/v1/events', { site, events: [{ name: FENCE, visitor: FENCE }] });
    if (!answer.ok) throw new Error(`${site}: ${answer.status}`);
    await until('the fence is visible', async () => (await fences()) > before);
  }

  /** Hits by outcome, as operators see them. */
  async metrics() {
    return (await fetch(`${this.ops}/metrics`)).text();
  }

  /** Every row of every table, by the engine's own port and password: what lies in its files is packed. */
  async tables() {
    const file = async (name) => (await readFile(join(this.state, 'engine', name), 'utf8')).trim();
    const [port, password] = [await file('port'), await file('password')];
    const sql = async (statement) => {
      const headers = { 'X-ClickHouse-User': 'headcount', 'X-ClickHouse-Key': password };
      const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: statement });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (!answer.ok) throw new Error(`${statement}: ${bytes}`);
      return bytes;
    };
    const named = await sql(
      "SELECT concat('`', database, '`.`', name, '`') FROM system.tables WHERE lower(database) NOT IN ('system', 'information_schema')",
    );
    const tables = String(named).trim().split('\n');
    return Promise.all([...tables, 'system.errors'].map((table) => sql(`SELECT * FROM ${table} FORMAT JSONEachRow`)));
  }

  /** Every file below its directory, state and log, with what is in it. */
  async files() {
    const entries = await readdir(this.directory, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    // A file may go while others are read; what replaced it is in the tables.
    const read = (path) => readFile(path).then((bytes) => [path, bytes], () => [path, Buffer.alloc(0)]);
    return Promise.all(paths.map(read));
  }

  /** Ends it, and leaves its files. */
  async end() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await gone;
  }

  async stop() {
    await this.end();
    await rm(this.directory, { recursive: true, force: true });
  }
}

const FENCE = 'fence';

/** A zone where it is about noon, so that no day ends during the tests. The signs are POSIX's. */
function noonZone() {
  const ahead = 12 - new Date().getUTCHours();
  if (ahead === 0) return 'Etc/GMT';
  return ahead > 0 ? `Etc/GMT-${ahead}` : `Etc/GMT+${-ahead}`;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The token of the one-time link that a first start prints. */
function linkFrom(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk) => {
      said += chunk;
      const link = LINK.exec(said);
      if (link) resolve(link[1]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the collector ended with ${code}:\n${said}`)));
  });
}
