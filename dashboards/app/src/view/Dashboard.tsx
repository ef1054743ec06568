/** The dashboard of one site: from the headline down to the lists. */
import type { Session } from '../api/types.ts';
import { PANELS } from '../data/panels.ts';
import * as store from '../state/store.ts';
import { Credits } from './Credits.tsx';
import { FirstHit } from './FirstHit.tsx';
import { Header } from './Header.tsx';
import { Headline } from './Headline.tsx';
import { ListPanel } from './ListPanel.tsx';
import { Trend } from './Trend.tsx';

export function Dashboard({ session }: { session: Session }) {
  const site = store.site.value;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the numbers
      </a>
      <Header session={session} />
      <main id="main" class="page" tabIndex={-1}>
        {site ? <Numbers /> : <NoSite session={session} />}
      </main>
      <Credits session={session} />
    </>
  );
}

function Numbers() {
  const site = store.site.value!;
  return (
    <>
      <h1 class="visually-hidden">{site.id}</h1>
      {store.trouble.value ? (
        <p class="banner" role="status">
          {store.trouble.value.message} The numbers may be old; trying again every few seconds.
        </p>
      ) : null}
      {store.everCounted.value === false ? (
        <FirstHit site={site} />
      ) : (
        <>
          <section class="card overview" aria-label="Overview">
            <Headline site={site} />
            <Trend />
          </section>
          <div class="panels">
            {PANELS.map((panel) => (
              <ListPanel key={panel.id} panel={panel} />
            ))}
          </div>
        </>
      )}
    </>
  );
}

function NoSite({ session }: { session: Session }) {
  const asked = store.view.value.site;
  return (
    <section class="card first-hit">
      <h1>{asked ? 'No such site' : 'No site yet'}</h1>
      {asked ? (
        <p>
          There is no site <strong>{asked}</strong> that you may see.
        </p>
      ) : (
        <p>
          Add one on the server: <code>headcount site add example.org</code>
        </p>
      )}
      <ul>
        {session.sites.map(({ id }) => (
          <li key={id}>
            <a href={`/s/${encodeURIComponent(id)}`}>{id}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
