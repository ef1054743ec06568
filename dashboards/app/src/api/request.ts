/** The only file that talks to the server: requests in, answers or an `ApiError` out. */
import { signal } from '@preact/signals';
import type { Problem, Seen, Shown } from './schema.ts';

/** A refusal of the server, or no answer at all (`status` 0). */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterSeconds = 0,
  ) {
    super(message);
  }
}

/** An answer that takes longer is given up, so that a hanging connection cannot stop the beat. */
const PATIENCE_MS = 20_000;
/** Reports over long periods may take their time. */
export const LONG_PATIENCE_MS = 60_000;

/** Routes that answer whoever asks: what leads in, and the batch, which says in each answer that nobody is signed in. */
const OPEN = ['/api/v1/session', '/api/v1/claim', '/api/v1/share', '/api/v2/query/batch'];
/** For so long an answer shows that whoever looks is known; the beat of a page is shorter. */
const KNOWN_MS = 4_000;

let clockSkewMs = 0;
let knownAt = 0;
let asking: Promise<Seen | Shown | undefined> | undefined;
/** The token of the share link this page was opened by, or the pass its password bought; every request carries it. */
let shareToken = '';

/** Answers that say that whoever looks may no longer: signed out, the link removed, its pass over. */
const ENDED = ['not_signed_in', 'bad_share', 'share_locked'];

/** Counts them. */
export const signedOut = signal(0);

/** Now by the server's clock, so that a wrong clock on this side does not shift the reports by a day. */
export const serverNow = (): Date => new Date(Date.now() + clockSkewMs);

export const useShareToken = (token: string): void => void (shareToken = token);

/** The token as a parameter, for what cannot carry headers: event streams and downloads. */
export const shareParameter = (): string => (shareToken ? `&share=${encodeURIComponent(shareToken)}` : '');

/** A refusal. Whoever may no longer look is signed out by it. */
export function refused(status: number, problem: Partial<Problem>, retryAfterSeconds = 0): ApiError {
  if (status === 401 && ENDED.includes(problem.code ?? '')) {
    knownAt = 0;
    signedOut.value += 1;
  }
  const text = problem.detail || problem.title || `The server answered ${status}.`;
  return new ApiError(status, problem.code ?? 'unknown', text, retryAfterSeconds);
}

/** Whatever went wrong, as something that can be shown. */
export const known = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError(0, 'unexpected', 'The answer could not be read.');

/** An answer to whoever looks came. */
export const heard = (): void => void (knownAt = Date.now());

/** Who looks, by cookie or link; nothing when nobody is signed in. Asked at once by many it is asked once. */
export function whoLooks(): Promise<Seen | Shown | undefined> {
  asking ??= introduce().finally(() => (asking = undefined));
  return asking;
}

async function introduce(): Promise<Seen | Shown | undefined> {
  const text = await (await exchange('GET', shareToken ? '/api/v1/share' : '/api/v1/session')).text();
  const looker: Seen | Shown | undefined = text ? JSON.parse(text) : undefined;
  if (looker && !('needs_password' in looker && looker.needs_password)) heard();
  return looker;
}

/**
 * Settles when the server has lately known who looks. It is asked where that nobody is signed in is an answer: a browser
 * logs an error for every refusal, and a session that ended is none.
 */
export async function beKnown(): Promise<void> {
  if (Date.now() - knownAt < KNOWN_MS) return;
  const looker = await whoLooks();
  if (!looker) throw refused(401, { code: 'not_signed_in' });
  if ('needs_password' in looker && looker.needs_password) throw refused(401, { code: 'share_locked' });
}

async function request(method: string, path: string, body?: unknown, signal?: AbortSignal, patience?: number): Promise<Response> {
  if (OPEN.includes(path.split('?')[0] ?? '')) return exchange(method, path, body, signal, patience);
  await beKnown();
  const response = await exchange(method, path, body, signal, patience);
  heard();
  return response;
}

async function exchange(method: string, path: string, body?: unknown, signal?: AbortSignal, patience = PATIENCE_MS): Promise<Response> {
  const timeout = AbortSignal.timeout(patience);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (shareToken) headers['headcount-share'] = shareToken;
  const response = await fetch(path, {
    method,
    headers,
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The collector does not answer.');
  });
  const date = Date.parse(response.headers.get('date') ?? '');
  // The header counts whole seconds; smaller differences are not worth a correction.
  if (date && Math.abs(date - Date.now()) > 5_000) clockSkewMs = date - Date.now();
  if (response.ok) return response;
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  throw refused(response.status, problem, Number(response.headers.get('retry-after')) || 0);
}

export const read = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await request('GET', path, undefined, signal, LONG_PATIENCE_MS)).json();

/** Sends a document and reads the answer. */
export const send = async <T>(method: 'POST' | 'PATCH', path: string, body: unknown, signal?: AbortSignal, patience?: number): Promise<T> => {
  const text = await (await request(method, path, body, signal, patience)).text();
  return (text ? JSON.parse(text) : undefined) as T;
};

/** Deletes. The body makes the request JSON, which the server asks of everything that changes something. */
export const remove = async (path: string): Promise<void> => void (await request('DELETE', path, {}));

/** Deletes what the server wants to be named once more. */
export const removeConfirmed = async (path: string, confirm: string): Promise<void> => void (await request('DELETE', path, { confirm }));
