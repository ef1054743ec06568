/** Sign-in, and the first password by a one-time link. */
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../api/fetch.ts';
import { start } from '../state/store.ts';
import { Mark } from './Mark.tsx';

const MIN_PASSWORD = 10;

type Claim = { is: 'none' } | { is: 'asking' } | { is: 'open'; user: string } | { is: 'failed'; message: string };

const messageOf = (error: unknown): string => {
  if (!(error instanceof api.ApiError)) return 'Something went wrong. Please try again.';
  if (error.code === 'bad_credentials') return 'User and password do not match.';
  if (error.status === 429) return `Too many attempts. Try again in ${error.retryAfterSeconds || 60} seconds.`;
  if (error.code === 'link_used') return 'This link was used or has expired. Sign in with your password instead.';
  return error.message;
};

/** Forgets the token in the address, so that it stays neither in the history nor on the screen. */
const dropToken = () => history.replaceState(null, '', '/sign-in');

export function SignIn({ token }: { token?: string }) {
  const [claim, setClaim] = useState<Claim>(token ? { is: 'asking' } : { is: 'none' });
  useEffect(() => {
    if (!token) return;
    api.readClaim(token).then(
      ({ user }) => setClaim({ is: 'open', user }),
      (error: unknown) => {
        if (error instanceof api.ApiError && error.code === 'link_used') dropToken();
        setClaim({ is: 'failed', message: messageOf(error) });
      },
    );
  }, [token]);

  return (
    <main class="lone">
      <section class="sign-in" aria-busy={claim.is === 'asking'}>
        <header>
          <Mark />
          <h1>Headcount</h1>
        </header>
        {claim.is === 'open' && token ? <Welcome user={claim.user} token={token} /> : null}
        {claim.is === 'none' || claim.is === 'failed' ? (
          <Password {...(claim.is === 'failed' ? { notice: claim.message } : {})} />
        ) : null}
      </section>
    </main>
  );
}

/** State of a form that is sent once at a time. */
function useSending(send: (data: FormData) => Promise<void>, notice = '') {
  const [sending, setSending] = useState(false);
  const [message, setMessage] = useState(notice);
  const onSubmit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSending(true);
    setMessage('');
    try {
      await send(new FormData(event.currentTarget));
    } catch (error) {
      setMessage(messageOf(error));
    } finally {
      setSending(false);
    }
  };
  return { sending, message, onSubmit };
}

function Password({ notice = '' }: { notice?: string }) {
  const { sending, message, onSubmit } = useSending(async (data) => {
    await api.signIn(String(data.get('user')), String(data.get('password')));
    await start();
  }, notice);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  return (
    <form onSubmit={onSubmit}>
      <label>
        User
        <input ref={first} name="user" autocomplete="username" autocapitalize="none" required defaultValue="owner" />
      </label>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <p class="message" role="alert">
        {message}
      </p>
      <button class="primary" disabled={sending}>
        Sign in
      </button>
      <p class="hint">
        Forgot it? On the server, <code>headcount user password owner</code> sets a new one.
      </p>
    </form>
  );
}

function Welcome({ user, token }: { user: string; token: string }) {
  const { sending, message, onSubmit } = useSending(async (data) => {
    await api.claim(token, String(data.get('password')));
    dropToken();
    await start();
  });

  return (
    <form onSubmit={onSubmit}>
      <p class="lead">
        Welcome. Choose a password for <strong>{user}</strong>.
      </p>
      <input class="visually-hidden" name="user" autocomplete="username" value={user} readOnly tabIndex={-1} aria-hidden />
      <label>
        New password
        <input
          name="password"
          type="password"
          autocomplete="new-password"
          required
          minLength={MIN_PASSWORD}
          aria-describedby="rule"
        />
      </label>
      <p class="hint" id="rule">
        At least {MIN_PASSWORD} characters. A few random words do well.
      </p>
      <p class="message" role="alert">
        {message}
      </p>
      <button class="primary" disabled={sending}>
        Set password and sign in
      </button>
    </form>
  );
}
