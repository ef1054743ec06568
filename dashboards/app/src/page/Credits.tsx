/** The foot of the page: whose data we use, which version runs, what is kept about people. */
import { LanguagePicker } from '../part/LanguagePicker.tsx';
import * as store from '../state/store.ts';
import { language } from '../text/catalogue.ts';
import { t } from '../text/words.ts';

export function Credits() {
  const site = store.site.value;
  const session = store.session.value;
  const credits = store.credits.value;
  return (
    <footer class="foot">
      {site ? <p>{t().zone(site.timezone)}</p> : null}
      {credits.length > 0 ? (
        <p>
          {t().credits}{' '}
          {credits.map(({ text, url }, i) => (
            <span key={url}>
              {i > 0 ? ' · ' : ''}
              <a href={url} rel="noreferrer">
                {text}
              </a>
            </span>
          ))}
        </p>
      ) : null}
      {site ? (
        <p>
          {/* In a frame of another page it opens on its own. */}
          <a href={`/privacy?site=${encodeURIComponent(site.id)}&lang=${language.value}`} {...(store.isGuest.value && { target: '_blank', rel: 'noreferrer' })}>
            {t().privacy}
          </a>
        </p>
      ) : null}
      <p>{session ? t().motto(session.version) : t().sharedBy}</p>
      {store.isGuest.value ? <LanguagePicker /> : null}
    </footer>
  );
}
