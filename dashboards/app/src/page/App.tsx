/** Chooses the page: sign-in, the overview, a site's reports, or why there is none. */
import { useEffect } from 'preact/hooks';
import { Problem } from '../part/Problem.tsx';
import * as store from '../state/store.ts';
import { t } from '../text/words.ts';
import { reportAt } from '../report/registry.ts';
import { Frame } from './Frame.tsx';
import { Lazy } from '../part/Lazy.tsx';
import { NoSite } from './NoSite.tsx';
import { ReportPlace } from './ReportPlace.tsx';

// Whoever is signed in, which is nearly everybody nearly always, needs none of these.
const signIn = () => import('./SignIn.tsx');
const overview = () => import('../report/overview/Overview.tsx');

export function App() {
  const who = store.who.value;
  const { report, site } = store.view.value;
  const known = reportAt(report);
  const name = report && known ? `${t().reports[known.id]} · ${site}` : site;
  const title = who.is === 'nobody' ? t().signIn : name;
  useEffect(() => {
    document.title = title ? `${title} · Headcount` : 'Headcount';
  }, [title]);

  // A one-time link is for whoever holds it, signed in or not.
  const token = store.linkToken.value;
  if (token) return <Lazy key="claim" load={() => signIn().then(({ FirstPassword }) => FirstPassword)} with={{ token }} />;
  if (who.is === 'nobody') return <Lazy key="sign-in" load={() => signIn().then(({ SignIn }) => SignIn)} with={{}} />;
  if (who.is === 'locked') return <Lazy key="unlock" load={() => signIn().then(({ Unlock }) => Unlock)} with={{}} />;
  if (who.is === 'failed') {
    return (
      <main class="lone">
        <h1 class="visually-hidden">Headcount</h1>
        <Problem error={who.error} again={() => void store.start()} />
      </main>
    );
  }
  return <Frame>{body()}</Frame>;
}

function body() {
  const { site } = store.view.value;
  const who = store.who.value;
  if (!site) return who.is === 'user' ? <Lazy load={() => overview().then(({ Overview }) => Overview)} with={{}} /> : null;
  // Until the server has said who looks, the first questions are on their way already.
  if (who.is !== 'unknown' && !store.site.value) return <NoSite />;
  return <ReportPlace />;
}
