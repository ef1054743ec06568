/** The bar on top: which site, which days, who is signed in. */
import type { Session } from '../api/types.ts';
import * as store from '../state/store.ts';
import { Mark } from './Mark.tsx';
import { RangePicker } from './RangePicker.tsx';

export function Header({ session }: { session: Session }) {
  const { site } = store.view.value;
  const known = session.sites.some(({ id }) => id === site);
  return (
    <header class="topbar">
      <div class="topbar-inner">
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
        <button type="button" class="plain leave" aria-label="Sign out" title={`Signed in as ${session.user}`} onClick={() => void store.leave()}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M8 3H4v14h4M8 10h9M13.5 6.5L17 10l-3.5 3.5" />
          </svg>
          <span>Sign out</span>
        </button>
      </div>
    </header>
  );
}
