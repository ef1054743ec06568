/** Sign-in, and the first password by a one-time link. */
import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../api/fetch.ts';
import { dropLink, signInNotice, start } from '../state/store.ts';
import { Mark } from './Mark.tsx';
import { Notice } from './Notice.tsx';

const MIN_PASSWORD = 10;

const messageOf = (error: unknown): string => {
  if (!(error instanceof api.ApiError)) return 'Something went wrong. Please try again.';
  if (error.code === 'bad_credentials') return 'User and password do not match.';
  if (error.status === 429) return `Too many attempts. Try again in ${error.retryAfterSeconds || 60} seconds.`;
  if (error.code === 'link_used') return 'This link was used or has expired. Sign in with your password instead.';
  return error.message;
};

const Frame = ({ busy = false, children }: { busy?: boolean; children: ComponentChildren }) => (
  <main class="lone">
    <section class="sign-in" aria-busy={busy}>
      <header>
        <Mark />
        <h1>Headcount</h1>
      </header>
      {children}
    </section>
  </main>
);

/** User and password. */
export const SignIn = () => (
  <Frame>
    <Password />
  </Frame>
);

/** Whoever holds a one-time link chooses a password; a spent link leads to the sign-in. */
export function FirstPassword({ token }: { token: string }) {
  const [user, setUser] = useState('');
  const [error, setError] = useState<api.ApiError>();
  const ask = () => {
    setError(undefined);
    api.readClaim(token).then(
      (claim) => setUser(claim.user),
      (failure: api.ApiError) => (failure.code === 'link_used' ? dropLink(messageOf(failure)) : setError(failure)),
    );
  };
  useEffect(ask, [token]);
  return (
    <Frame busy={!user && !error}>
      {error ? <Notice error={error} retry={ask} /> : null}
      {user ? <Welcome user={user} token={token} /> : null}
    </Frame>
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

function Password() {
  const { sending, message, onSubmit } = useSending(async (data) => {
    await api.signIn(String(data.get('user')), String(data.get('password')));
    await start();
  }, signInNotice.value);
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
    await dropLink();
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
