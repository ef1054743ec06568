/** Who is signed in, and what a share link shows. */
import { read, remove, send } from './request.ts';
import type { Claimant, Opened, Seen, Shown } from './schema.ts';

export const readSession = (): Promise<Seen> => read('/api/v1/session');
export const readShare = (): Promise<Shown> => read('/api/v1/share');
/** Answers with the pass that is sent in the token's place. */
export const unlockShare = (token: string, password: string): Promise<Opened> => send('POST', '/api/v1/share', { token, password });
export const readClaim = (token: string): Promise<Claimant> => read(`/api/v1/claim?token=${encodeURIComponent(token)}`);
export const signIn = (user: string, password: string): Promise<void> => send('POST', '/api/v1/session', { user, password });
export const signOut = (): Promise<void> => remove('/api/v1/session');
export const claim = (token: string, password: string): Promise<void> => send('POST', '/api/v1/claim', { token, password });
