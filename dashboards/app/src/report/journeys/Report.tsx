/** Journeys: which page follows which within a visit. */
import { useEffect } from 'preact/hooks';
import type { JourneysAnswer } from '../../api/schema.ts';
import { Snippet } from '../../part/CopyButton.tsx';
import { EmptyState } from '../../part/EmptyState.tsx';
import { Problem } from '../../part/Problem.tsx';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { Around } from './Around.tsx';
import { pathNow, usePages } from './asking.ts';
import { FlowCard } from './FlowCard.tsx';
import { jt } from './text.ts';
import './journeys.css';

export default function Journeys() {
  const path = pathNow();
  const { data, stale, error, again } = useRead<JourneysAnswer>(path);
  const { pages, page } = usePages(data);
  useEffect(() => store.tellSpan(data?.meta.date_range as [string, string] | undefined), [data]);
  const empty = data && !stale && data.next.length + data.second.length + data.third.length === 0;
  return (
    <>
      <h1 class="visually-hidden">{jt().title}</h1>
      {store.filter.value ? <p class="note unfiltered">{jt().notFiltered}</p> : null}
      {error ? <Problem error={error} again={again} /> : null}
      {!data && !error ? (
        <div class="journeys" aria-busy="true">
          <SkeletonBox height="30rem" />
          <SkeletonBox height="20rem" />
        </div>
      ) : null}
      {data && !error && path ? (
        <div class={stale ? 'journeys stale' : 'journeys'} aria-busy={stale}>
          {empty ? (
            <Empty />
          ) : (
            <>
              <FlowCard data={data} page={page} path={path} />
              {page === undefined ? null : <Around pages={pages} page={page} path={path} />}
            </>
          )}
        </div>
      ) : null}
    </>
  );
}

function Empty() {
  const site = store.siteId.value;
  const batch = JSON.stringify({ site, events: [{ screen: 'Home', visitor: 'x1' }, { screen: 'Search', visitor: 'x1' }] });
  return (
    <EmptyState title={jt().none}>
      <p>{jt().noneWhy}</p>
      <Snippet text={`<script defer src="${location.origin}/hc.js" data-site="${site}"></script>`} />
      <p>{jt().noneApps}</p>
      <Snippet text={`curl ${location.origin}/v1/events -H 'Content-Type: application/json' \\\n  -d '${batch}'`} />
    </EmptyState>
  );
}
