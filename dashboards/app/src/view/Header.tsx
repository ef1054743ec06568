/** The bar on top: which site, which days, who is signed in. */
import type { Session } from '../api/types.ts';
import * as store from '../state/store.ts';
import { Mark } from './Mark.tsx';
import { RangePicker } from './RangePicker.tsx';

export function Header({ session }: { session: Session }) {
  const { site } = store.view.value;
  const known = session.sites.some(({ id }) => id === site);
  return (
    <header class="bar">
      <div class="bar-inner">
        <a class="brand" href="/" aria-label="Headcount, first site">
          <Mark />
          <span>Headcount</span>
        </a>
        {session.sites.length > 0 ? (
          <label class="pick">
            <span class="visually-hidden">Site</span>
            <select value={site} onChange={(event) => store.go({ site: event.currentTarget.value })}>
              {known ? null : <option value={site}>{site}</option>}
              {session.sites.map(({ id }) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <span class="gap" />
        {known ? <RangePicker /> : null}
        <button type="button" class="plain leave" title={`Signed in as ${session.user}`} onClick={() => void store.leave()}>
          Sign out
        </button>
      </div>
    </header>
  );
}
