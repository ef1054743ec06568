/** A site that never received anything: what to paste, and that we are waiting. */
import { EmptyState } from '../../part/EmptyState.tsx';
import { siteId } from '../../state/store.ts';
import { tt } from './text.ts';

export function FirstHit() {
  const site = siteId.value;
  return (
    <>
      <h1 class="visually-hidden">{site}</h1>
      <EmptyState title={tt().waiting} snippet={`<script defer src="${location.origin}/hc.js" data-site="${site}"></script>`}>
        <p>{tt().paste}</p>
        {site === 'demo' ? (
          <p>
            <a href="/demo/">{tt().openDemo}</a>
          </p>
        ) : null}
        <p class="note">{tt().ownVisits}</p>
      </EmptyState>
    </>
  );
}
