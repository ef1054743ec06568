/** Chromium with pages that carry a browser client, bundled from its npm package as a site would do it. Tools are the dashboards'. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { MARK } from './marks.mjs';

const TOOLS = new URL('../../../dashboards/node_modules/', import.meta.url);
const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** Some clients send nothing from a headless browser. By a launch flag: a context's override misses requests at unload. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const HTML = `<!doctype html><title>${MARK} title</title><body><script type="module">
  try { await import('/bundle/' + compat.page); } catch (error) { compat.failures.push(String(error)); }
  compat.done = true;
</script>`;

export class Browser {
  /** Bundles the pages and starts a browser that reaches this machine only. */
  static async start(names) {
    const it = new Browser();
    const [{ build }, { chromium }] = await Promise.all([
      import(new URL('vite/dist/node/index.js', TOOLS)),
      import(new URL('playwright-core/index.mjs', TOOLS)),
    ]);
    const input = Object.fromEntries(names.map((name) => [name.replace(/\.js$/, ''), `${ROOT}pages/${name}`]));
    const output = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' };
    const built = await build({
      root: ROOT,
      configFile: false,
      publicDir: false,
      logLevel: 'error',
      base: '/bundle/',
      build: { write: false, minify: false, modulePreload: false, chunkSizeWarningLimit: 1e6, rollupOptions: { input, output } },
    });
    it.files = new Map(built.output.map((file) => [`/bundle/${file.fileName}`, file.code ?? file.source]));
    it.server = createServer((request, answer) => it.#serve(request.url.split('?')[0], answer));
    await new Promise((resolve) => it.server.listen(0, '127.0.0.1', resolve));
    it.origin = `http://127.0.0.1:${it.server.address().port}`;
    it.chromium = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
        '--disable-blink-features=AutomationControlled',
        `--user-agent=${USER_AGENT}`,
      ],
    });
    return it;
  }

  #serve(path, answer) {
    const script = this.files.get(path);
    answer.setHeader('Content-Type', script ? 'text/javascript' : 'text/html; charset=utf-8');
    answer.statusCode = script || !path.startsWith('/bundle/') ? 200 : 404;
    answer.end(path === '/favicon.ico' ? '' : (script ?? HTML));
  }

  /** Somebody who visits pages with a client in them, which sends to `url`. */
  async visitor(page, url, token) {
    const context = await this.chromium.newContext({ viewport: { width: 1280, height: 720 } });
    const told = { page, url, token, failures: [], user: `${MARK}-user`, email: `jane.${MARK}@mail.test`, secret: `${MARK}-secret` };
    await context.addInitScript((told) => (window.compat = told), told);
    const visitor = { context, page: await context.newPage(), failures: [], raised: [], asked: [] };
    visitor.page.on('pageerror', (error) => visitor.raised.push(error.message));
    visitor.page.on('console', (message) => message.type() === 'error' && visitor.failures.push(`${message.text()} ${message.location().url}`));
    context.on('request', (request) => visitor.asked.push(new URL(request.url()).origin));
    visitor.open = async (path) => {
      await visitor.page.goto(this.origin + path);
      await visitor.page.waitForFunction(() => window.compat.done, null, { timeout: 90_000 });
      visitor.raised.push(...(await visitor.page.evaluate(() => window.compat.failures)));
    };
    return visitor;
  }

  async stop() {
    await this.chromium?.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
