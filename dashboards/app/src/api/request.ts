/** The only file that talks to the server: requests in, answers or an `ApiError` out. */
import { signal } from '@preact/signals';
import type { Problem } from './schema.ts';

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

let clockSkewMs = 0;
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

export function errorOf(status: number, problem: Partial<Problem>, retryAfterSeconds = 0): ApiError {
  const text = problem.detail || problem.title || `The server answered ${status}.`;
  return new ApiError(status, problem.code ?? 'unknown', text, retryAfterSeconds);
}

/** Whatever went wrong, as something that can be shown. */
export const known = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError(0, 'unexpected', 'The answer could not be read.');

async function request(method: string, path: string, body?: unknown, signal?: AbortSignal, patience = PATIENCE_MS): Promise<Response> {
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
  if (response.status === 401 && ENDED.includes(problem.code ?? '')) signedOut.value += 1;
  throw errorOf(response.status, problem, Number(response.headers.get('retry-after')) || 0);
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
