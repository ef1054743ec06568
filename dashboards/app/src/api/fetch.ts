/** The only file that talks to the server: requests in, typed answers or an `ApiError` out. */
import type { Claim, Live, Problem, Query, QueryAnswer, Session } from './types.ts';

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

let clockSkewMs = 0;

/** Now by the server's clock, so that a wrong clock on this side does not shift the reports by a day. */
export const serverNow = (): Date => new Date(Date.now() + clockSkewMs);

async function problemOf(response: Response): Promise<ApiError> {
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  const retryAfter = Number(response.headers.get('retry-after')) || 0;
  const text = problem.detail || problem.title || `The server answered ${response.status}.`;
  return new ApiError(response.status, problem.code ?? 'unknown', text, retryAfter);
}

async function request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const init: RequestInit = { method, signal: signal ? AbortSignal.any([signal, timeout]) : timeout, headers: { accept: 'application/json' } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, 'content-type': 'application/json' };
  }
  const response = await fetch(path, init).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The collector does not answer.');
  });
  const date = Date.parse(response.headers.get('date') ?? '');
  // The header counts whole seconds; smaller differences are not worth a correction.
  if (date && Math.abs(date - Date.now()) > 5_000) clockSkewMs = date - Date.now();
  if (!response.ok) throw await problemOf(response);
  return response;
}

const read = async <T>(path: string): Promise<T> => (await request('GET', path)).json();

export const readSession = (): Promise<Session> => read('/api/v1/session');

export const readClaim = (token: string): Promise<Claim> => read(`/api/v1/claim?token=${encodeURIComponent(token)}`);

export async function signIn(user: string, password: string): Promise<void> {
  await request('POST', '/api/v1/session', { user, password });
}

export async function signOut(): Promise<void> {
  await request('DELETE', '/api/v1/session', {});
}

export async function claim(token: string, password: string): Promise<void> {
  await request('POST', '/api/v1/claim', { token, password });
}

export async function query(query: Query, signal?: AbortSignal): Promise<QueryAnswer> {
  return (await request('POST', '/api/v2/query', query, signal)).json();
}

/** Follows a site's live numbers until the returned function is called. */
export function followLive(site: string, onLive: (live: Live | null) => void): () => void {
  const source = new EventSource(`/api/v1/live?site=${encodeURIComponent(site)}`);
  source.onmessage = (message) => onLive(JSON.parse(message.data));
  source.onerror = () => onLive(null);
  return () => source.close();
}
