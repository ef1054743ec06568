/** There is no site, or not the one asked for. */
import * as store from '../state/store.ts';
import { t } from '../text/words.ts';
import { AddSiteButton } from './AddSiteButton.tsx';

export function NoSite() {
  const asked = store.siteId.value;
  return (
    <section class="card empty-state">
      <h1>{asked ? t().unknownSite : t().noSite}</h1>
      {asked ? (
        <p>{t().unknownSiteNote(asked)}</p>
      ) : (
        <>
          <AddSiteButton />
          <p class="note">
            {t().addSite} <code>headcount site add example.org</code>
          </p>
        </>
      )}
      <ul>
        {store.session.value?.sites.map(({ id }) => (
          <li key={id}>
            <a href={store.hrefOf(store.toSite(id))}>{id}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
