/** What stands between a client and the collector: it forwards, remembers what passed, and makes trouble when it is told to. */
import { createServer, request } from 'node:http';

/** What clients ask before they send; trouble is for what carries events. */
const QUESTIONS = /^\/(array|static|flags|decide|sourceConfig|v1\/projects)\b/;

export class Proxy {
  /** @param target the collector's address
   *  @param trouble whether the first request that carries events is refused, and the answer to the second one is lost */
  static async start(target, trouble) {
    const proxy = new Proxy();
    proxy.target = new URL(target);
    proxy.troubles = trouble ? ['refuse', 'lose'] : [];
    /** Requests with events, each `{path, sent, became, status}`. */
    proxy.passed = [];
    /** Every answer of the collector's, as text with its headers. */
    proxy.answers = [];
    /** Everything that clients sent. */
    proxy.sent = [];
    proxy.server = createServer((incoming, outgoing) => proxy.#pass(incoming, outgoing));
    await new Promise((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.url = `http://127.0.0.1:${proxy.server.address().port}`;
    return proxy;
  }

  async #pass(incoming, outgoing) {
    const body = await whole(incoming);
    this.sent.push(Buffer.from(`${incoming.url}\n${incoming.rawHeaders.join('\n')}\n`), body);
    const carriesEvents = incoming.method !== 'OPTIONS' && !QUESTIONS.test(incoming.url);
    const trouble = (carriesEvents && this.troubles.shift()) || 'none';
    const entry = { method: incoming.method, path: incoming.url.split('?')[0], trouble };
    if (carriesEvents) this.passed.push(entry);
    try {
      const answer = trouble === 'refuse' ? unavailable() : await this.#forward(incoming, body);
      const told = trouble === 'lose' ? unavailable() : answer;
      entry.status = told.status;
      outgoing.writeHead(told.status, { ...openTo(incoming.headers.origin), ...told.headers });
      outgoing.end(told.body);
    } catch {
      outgoing.destroy();
    }
  }

  async #forward(incoming, body) {
    const { method, url: path, headers } = incoming;
    const answer = await new Promise((resolve, reject) => {
      const { hostname: host, port } = this.target;
      const forwarded = { ...headers, 'content-length': body.length };
      delete forwarded['transfer-encoding'];
      request({ host, port, method, path, headers: forwarded }, resolve).on('error', reject).end(body);
    });
    const told = { status: answer.statusCode, headers: answer.headers, body: await whole(answer) };
    this.answers.push(Buffer.from(`${answer.rawHeaders.join('\n')}\n`), told.body);
    delete told.headers['transfer-encoding'];
    return told;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

function unavailable() {
  return { status: 503, headers: { 'retry-after': '1', 'content-type': 'text/plain' }, body: 'unavailable' };
}

/** What the collector says to pages of other origins, also when it is overloaded. */
function openTo(origin) {
  if (!origin) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after',
  };
}

async function whole(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
