/** Who is signed in, and what a share link shows. */
import { read, remove, send, whoLooks } from './request.ts';
import type { Claimant, Opened, Seen, Shown } from './schema.ts';

/** Nothing when nobody is signed in. */
export const readSession = async (): Promise<Seen | undefined> => (await whoLooks()) as Seen | undefined;
/** Of the link whose token is in use. */
export const readShare = async (): Promise<Shown> => (await whoLooks()) as Shown;
/** Answers with the pass that is sent in the token's place. */
export const unlockShare = (token: string, password: string): Promise<Opened> => send('POST', '/api/v1/share', { token, password });
export const readClaim = (token: string): Promise<Claimant> => read(`/api/v1/claim?token=${encodeURIComponent(token)}`);
export const signIn = (user: string, password: string): Promise<void> => send('POST', '/api/v1/session', { user, password });
export const signOut = (): Promise<void> => remove('/api/v1/session');
export const claim = (token: string, password: string): Promise<void> => send('POST', '/api/v1/claim', { token, password });
