/** Sign-in, the first password by a one-time link, and the password of a share link. */
import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, known } from '../api/request.ts';
import * as api from '../api/session.ts';
import { LanguagePicker } from '../part/LanguagePicker.tsx';
import { Mark } from '../part/Mark.tsx';
import { Problem } from '../part/Problem.tsx';
import { dropLink, signInNotice, start, unlock } from '../state/store.ts';
import '../style/sign_in.css';
import { catalogue } from '../text/catalogue.ts';
import { said } from '../text/said.ts';
import english from '../text/en/sign_in.ts';

const t = catalogue('sign_in', english);

const MIN_PASSWORD = 10;

const messageOf = (error: unknown): string => {
  if (!(error instanceof ApiError)) return t().failed;
  if (error.code === 'bad_credentials') return t().wrong;
  if (error.status === 429) return t().tooMany(error.retryAfterSeconds || 60);
  if (error.code === 'link_used') return t().linkUsed;
  return said(error);
};

const Frame = ({ busy = false, children }: { busy?: boolean; children: ComponentChildren }) => (
  <main class="lone">
    <section class="sign-in" aria-busy={busy}>
      <header>
        <Mark />
        <h1>Headcount</h1>
      </header>
      {children}
      <footer>
        <LanguagePicker />
      </footer>
    </section>
  </main>
);

/** User and password. */
export const SignIn = () => (
  <Frame>
    <Password />
  </Frame>
);

/** A share link with a password. */
export const Unlock = () => (
  <Frame>
    <Key />
  </Frame>
);

/** Whoever holds a one-time link chooses a password; a spent link leads to the sign-in. */
export function FirstPassword({ token }: { token: string }) {
  const [user, setUser] = useState('');
  const [error, setError] = useState<ApiError>();
  const ask = () => {
    setError(undefined);
    api.readClaim(token).then(
      (claim) => setUser(claim.user),
      (failure: unknown) => (known(failure).code === 'link_used' ? dropLink(messageOf(failure)) : setError(known(failure))),
    );
  };
  useEffect(ask, [token]);
  return (
    <Frame busy={!user && !error}>
      {error ? <Problem error={error} again={ask} /> : null}
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
        {t().user}
        <input ref={first} name="user" autocomplete="username" autocapitalize="none" required defaultValue="owner" />
      </label>
      <label>
        {t().password}
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <p class="message" role="alert">
        {message}
      </p>
      <button class="primary" disabled={sending}>
        {t().signIn}
      </button>
      <p class="hint">
        {t().forgot} <code>headcount user password owner</code>
      </p>
    </form>
  );
}

function Key() {
  const { sending, message, onSubmit } = useSending(async (data) => {
    await unlock(String(data.get('password'))).catch((failure: unknown) => {
      throw known(failure).code === 'bad_credentials' ? new ApiError(401, 'bad_credentials_of_link', t().wrongPassword) : failure;
    });
  });
  return (
    <form onSubmit={onSubmit}>
      <p class="lead">{t().locked}</p>
      <label>
        {t().password}
        <input name="password" type="password" autocomplete="off" required />
      </label>
      <p class="message" role="alert">
        {message}
      </p>
      <button class="primary" disabled={sending}>
        {t().open}
      </button>
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
        {t().welcome(user)}
      </p>
      <input class="visually-hidden" name="user" autocomplete="username" value={user} readOnly tabIndex={-1} aria-hidden />
      <label>
        {t().newPassword}
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
        {t().rule(MIN_PASSWORD)}
      </p>
      <p class="message" role="alert">
        {message}
      </p>
      <button class="primary" disabled={sending}>
        {t().setPassword}
      </button>
    </form>
  );
}
