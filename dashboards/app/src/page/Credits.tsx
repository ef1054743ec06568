/** The foot of the page: whose data we use, which version runs, what is kept about people. */
import * as store from '../state/store.ts';
import { t } from '../text/words.ts';

export function Credits() {
  const site = store.site.value;
  const session = store.session.value;
  return (
    <footer class="foot">
      {site ? <p>{t().zone(site.timezone)}</p> : null}
      {session && session.credits.length > 0 ? (
        <p>
          {t().credits}{' '}
          {session.credits.map(({ text, url }, i) => (
            <span key={url}>
              {i > 0 ? ' · ' : ''}
              <a href={url} rel="noreferrer">
                {text}
              </a>
            </span>
          ))}
        </p>
      ) : null}
      <p>{session ? t().motto(session.version) : t().sharedBy}</p>
    </footer>
  );
}
