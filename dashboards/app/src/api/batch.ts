/** Queries that are asked in one go travel in one request: the first view is one round trip. */
import type { Answer, Question } from './query.ts';
import { errorOf, LONG_PATIENCE_MS, send } from './request.ts';
import type { Problem, QueryAnswers } from './schema.ts';

/** The most queries the server takes at once. */
const MOST = 40;

interface Waiting {
  question: Question;
  signal: AbortSignal;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

let queue: Waiting[] = [];

/** Asks one query, together with all others that are asked before the running script is through. */
export function ask(question: Question, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    queue.push({ question, signal, resolve, reject });
    if (queue.length === 1) queueMicrotask(flush);
  });
}

function flush(): void {
  const waiting = queue.filter(({ signal }) => !signal.aborted);
  queue = [];
  for (let at = 0; at < waiting.length; at += MOST) void settle(waiting.slice(at, at + MOST));
}

async function settle(waiting: Waiting[]): Promise<void> {
  try {
    const queries = waiting.map(({ question }) => question);
    const { answers } = await send<QueryAnswers>('POST', '/api/v2/query/batch', { queries }, allOf(waiting), LONG_PATIENCE_MS);
    waiting.forEach(({ resolve, reject }, i) => {
      const { status, body } = answers[i] ?? { status: 0, body: {} };
      if (status === 200) resolve(body as unknown as Answer);
      else reject(errorOf(status, body as Partial<Problem>));
    });
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}

/** Aborted when nobody waits any longer. */
function allOf(waiting: Waiting[]): AbortSignal {
  const given = new AbortController();
  let left = waiting.length;
  for (const { signal } of waiting) {
    signal.addEventListener('abort', () => {
      left -= 1;
      if (left === 0) given.abort();
    });
  }
  return given.signal;
}
