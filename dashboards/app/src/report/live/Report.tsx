/** Live: who is here now, the last half hour by minute, and what is looked at today. */
import { useEffect, useRef } from 'preact/hooks';
import { plain } from '../../format/number.ts';
import { EmptyState } from '../../part/EmptyState.tsx';
import { forgetAll, useQuery } from '../../state/ask.ts';
import { useLive, type Live as Numbers } from '../../state/live.ts';
import * as store from '../../state/store.ts';
import { Minutes } from './Minutes.tsx';
import { NowList } from './NowList.tsx';
import { TodayList } from './TodayList.tsx';
import { lt } from './text.ts';
import './live.css';

/** Lists are renewed at most so often by what is seen here. */
const RENEW_MS = 5_000;

/** The beat renews what is shown of today, but looks only while the period of the address has today in it. */
function useRenewal(live: Numbers | null): void {
  const last = useRef(0);
  const seen = live && `${live.visitors} ${live.pageviews}`;
  useEffect(() => {
    if (!seen || store.isRunning.peek() || Date.now() - last.current < RENEW_MS) return;
    last.current = Date.now();
    forgetAll();
  }, [seen]);
}

/** Whether anything was ever counted; asked only while nothing happens. */
function useNeverCounted(quiet: boolean): boolean {
  const question = { site_id: store.siteId.value, metrics: ['events' as const], date_range: 'all' };
  const { data } = useQuery(quiet ? question : undefined);
  return quiet && data !== undefined && (data.results[0]?.metrics[0] ?? 0) === 0;
}

export default function Live() {
  const live = useLive(store.siteId.value);
  const last = useRef<Numbers>(undefined);
  if (live) last.current = live;
  const shown = live ?? last.current;
  useRenewal(live);
  const never = useNeverCounted(shown !== undefined && shown.pageviews === 0 && shown.visitors === 0);
  const title = <h1 class="visually-hidden">{lt().title}</h1>;
  if (never) {
    return (
      <>
        {title}
        <EmptyState title={lt().waiting} snippet={`<script defer src="${location.origin}/hc.js" data-site="${store.siteId.value}"></script>`}>
          <p>{lt().paste}</p>
        </EmptyState>
      </>
    );
  }
  return (
    <>
      {title}
      <section class="card live" aria-label={lt().title}>
        <Now live={live} shown={shown} />
        <Minutes live={shown} />
      </section>
      <div class="panels live-lists live-now-lists">
        <NowList name="pages-now" title={lt().pagesNow} dimension="event:page" rows={shown?.pages} />
        <NowList name="sources-now" title={lt().sourcesNow} dimension="visit:source" rows={shown?.sources} />
        <NowList name="countries-now" title={lt().countriesNow} dimension="visit:country" rows={shown?.countries} />
      </div>
      <p class="note live-note">{lt().nowNote}</p>
      <div class="panels live-lists">
        <TodayList name="pages" title={lt().pages} dimension="event:page" measures={['visitors', 'pageviews']} />
        <TodayList name="sources" title={lt().sources} dimension="visit:source" measures={['visitors', 'visits']} />
        <TodayList name="countries" title={lt().countries} dimension="visit:country" measures={['visitors', 'visits']} />
      </div>
    </>
  );
}

/** `live` is absent while there is no connection; `shown` are the last numbers there were. */
function Now({ live, shown }: { live: Numbers | null; shown: Numbers | undefined }) {
  const state = live ? lt().on : shown ? lt().lost : lt().connecting;
  return (
    <header class={live ? 'live-head on' : 'live-head'}>
      <p class="live-now" title={lt().nowMeaning}>
        {shown ? <strong data-visitors>{plain(shown.visitors)}</strong> : <span class="bone" />}
        <span>{lt().now(shown?.visitors ?? 0)}</span>
      </p>
      <p class="note">{shown ? lt().views(shown.pageviews) : '\u00a0'}</p>
      <p class="live-state note" role="status">
        <span class="dot" key={live ? `${live.visitors} ${live.pageviews}` : 'off'} />
        {state}
      </p>
    </header>
  );
}
