/** Chooses the page: sign-in, the dashboard, or why there is none. */
import { useEffect } from 'preact/hooks';
import * as store from '../state/store.ts';
import { Dashboard } from './Dashboard.tsx';
import { Notice } from './Notice.tsx';
import { FirstPassword, SignIn } from './SignIn.tsx';

export function App() {
  const who = store.who.value;
  const title = store.site.value?.id ?? (who.is === 'nobody' ? 'Sign in' : '');
  useEffect(() => {
    document.title = title ? `${title} · Headcount` : 'Headcount';
  }, [title]);

  // A one-time link is for whoever holds it, signed in or not.
  const token = store.linkToken.value;
  if (token) return <FirstPassword token={token} />;
  if (who.is === 'nobody') return <SignIn />;
  if (who.is === 'user') return <Dashboard session={who.session} />;
  if (who.is === 'failed') {
    return (
      <main class="lone">
        <h1 class="visually-hidden">Headcount</h1>
        <Notice error={who.error} retry={() => void store.start()} />
      </main>
    );
  }
  return <main class="lone" aria-busy="true" />;
}
