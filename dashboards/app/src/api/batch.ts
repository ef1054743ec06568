/** Queries that are asked in one go travel in one request: the first view is one round trip. */
import type { Answer, Question } from './query.ts';
import { heard, LONG_PATIENCE_MS, refused, send } from './request.ts';
import type { OneQueryAnswer, Problem, QueryAnswers } from './schema.ts';

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
  for (let at = 0; at < waiting.length; at += MOST) settle(waiting.slice(at, at + MOST));
}

/** Asks one query by itself, and does not wait long. */
export async function askAlone(question: Question): Promise<Answer> {
  const [answer] = await post([question]);
  return answerOf(answer);
}

async function post(queries: Question[], signal?: AbortSignal, patience?: number): Promise<OneQueryAnswer[]> {
  return (await send<QueryAnswers>('POST', '/api/v2/query/batch', { queries }, signal, patience)).answers;
}

function answerOf({ status, body }: OneQueryAnswer = { status: 0, body: {} }): Answer {
  if (status !== 200) throw refused(status, body as Partial<Problem>);
  heard();
  return body as unknown as Answer;
}

function settle(waiting: Waiting[]): void {
  const queries = waiting.map(({ question }) => question);
  const answers = post(queries, allOf(waiting), LONG_PATIENCE_MS);
  waiting.forEach(({ resolve, reject }, i) => void answers.then((all) => resolve(answerOf(all[i]))).catch(reject));
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
