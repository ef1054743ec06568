/** Retention: how many are active, how many of them are new, and who comes back. */
import { useEffect } from 'preact/hooks';
import type { RetentionAnswer } from '../../api/schema.ts';
import { Snippet } from '../../part/CopyButton.tsx';
import { EmptyState } from '../../part/EmptyState.tsx';
import { Problem } from '../../part/Problem.tsx';
import { rangeParameters } from '../../part/range_parameters.ts';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { Active } from './Active.tsx';
import { Grid } from './Grid.tsx';
import { isEmpty } from './numbers.ts';
import { rt } from './text.ts';
import './retention.css';

function pathNow(): string | undefined {
  const range = store.dateRange.value;
  return range === undefined ? undefined : `/api/v1/retention?site=${encodeURIComponent(store.siteId.value)}&${rangeParameters(range)}`;
}

export default function Retention() {
  const path = pathNow();
  const { data, stale, error, again } = useRead<RetentionAnswer>(path);
  useEffect(() => store.tellSpan(data?.meta.date_range as [string, string] | undefined), [data]);
  return (
    <>
      <h1 class="visually-hidden">{rt().title}</h1>
      {store.filter.value ? <p class="note unfiltered">{rt().notFiltered}</p> : null}
      {error ? <Problem error={error} again={again} /> : null}
      {!data && !error ? (
        <div class="retention-bones" aria-busy="true">
          <SkeletonBox height="27rem" />
          <SkeletonBox height="20rem" />
        </div>
      ) : null}
      {data && !error ? (
        <div class={stale ? 'retention stale' : 'retention'} aria-busy={stale}>
          {isEmpty(data) && !stale ? <Empty /> : <Shown data={data} path={path} />}
        </div>
      ) : null}
    </>
  );
}

const Shown = ({ data, path }: { data: RetentionAnswer; path: string | undefined }) => (
  <>
    <Active data={data} path={path} />
    <Grid cohorts={data.cohorts} path={path} />
    <p class="note">{rt().only}</p>
  </>
);

function Empty() {
  const site = store.siteId.value;
  const event = JSON.stringify({
    site,
    events: [{ screen: 'Home', visitor: 'x1', cohort: { first_week: '2026-W47', first_this_week: true, first_this_month: true } }],
  });
  return (
    <EmptyState title={rt().none}>
      <p>{rt().noneWhy}</p>
      <Snippet text={`<script defer src="${location.origin}/hc.js" data-site="${site}" data-cohorts></script>`} />
      <p>{rt().noneConsent}</p>
      <p>{rt().noneApps}</p>
      <Snippet text={`curl ${location.origin}/v1/events -H 'Content-Type: application/json' \\\n  -d '${event}'`} />
    </EmptyState>
  );
}
