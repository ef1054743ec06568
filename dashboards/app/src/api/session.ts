/** Who is signed in, and what a share link shows. */
import { read, remove, send } from './request.ts';
import type { Claimant, Seen } from './schema.ts';

/** `GET /api/v1/share`: what a share link shows, and whether it still asks for a password. */
export interface Share {
  site: string;
  timezone: string;
  /** Reports that may be seen; absent: all that a viewer sees. */
  reports?: string[];
}

export const readSession = (): Promise<Seen> => read('/api/v1/session');
export const readShare = (): Promise<Share> => read('/api/v1/share');
export const unlockShare = (password: string): Promise<void> => send('POST', '/api/v1/share', { password });
export const readClaim = (token: string): Promise<Claimant> => read(`/api/v1/claim?token=${encodeURIComponent(token)}`);
export const signIn = (user: string, password: string): Promise<void> => send('POST', '/api/v1/session', { user, password });
export const signOut = (): Promise<void> => remove('/api/v1/session');
export const claim = (token: string, password: string): Promise<void> => send('POST', '/api/v1/claim', { token, password });
