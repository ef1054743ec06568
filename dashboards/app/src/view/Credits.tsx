/** The foot of the page: whose data we use, and which version runs. */
import type { Session } from '../api/types.ts';
import * as store from '../state/store.ts';

export function Credits({ session }: { session: Session }) {
  const site = store.site.value;
  return (
    <footer class="foot">
      {site ? <p>Days and hours are those of {site.timezone}.</p> : null}
      {session.credits.length > 0 ? (
        <p>
          Data:{' '}
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
      <p>Headcount {session.version}: counts people, keeps nobody.</p>
    </footer>
  );
}
