/** Web vitals: how fast pages appear and answer, as people's browsers measured it. One request answers all of it. */
import { FilterChip } from '../../part/FilterChip.tsx';
import type { DatePair } from '../../api/query.ts';
import type { VitalsAnswer } from '../../api/schema.ts';
import { nameFor } from '../../format/names.ts';
import { Card } from '../../part/Card.tsx';
import { Snippet } from '../../part/CopyButton.tsx';
import { EmptyState } from '../../part/EmptyState.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { rangeParameters } from '../../part/range_parameters.ts';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { Pages } from './Pages.tsx';
import { NAMES } from './rating.ts';
import { intervalOf } from './spans.ts';
import { vt } from './text.ts';
import { Vital } from './Vital.tsx';
import './vitals.css';

/** The most pages listed. */
const PAGES = 100;

/** A filter is passed on where the route takes it: one value. With one there are no pages, which are pairs already. */
function pathOf(range: string | DatePair, pages: boolean): string {
  const filter = store.filter.value;
  const by = takes() && filter ? `&dimension=${encodeURIComponent(filter.dimension)}&value=${encodeURIComponent(filter.values[0] ?? '')}` : '';
  const interval = intervalOf(store.days.value);
  const also = `${interval ? `&interval=${interval}` : ''}${pages && !by ? `&pages=${PAGES}` : ''}`;
  return `/api/v1/vitals?site=${encodeURIComponent(store.siteId.value)}${by}${also}&${rangeParameters(range)}`;
}

const takes = (): boolean => {
  const filter = store.filter.value;
  return !filter || (filter.operator === 'is' && filter.values.length === 1);
};

export default function Vitals() {
  const range = store.dateRange.value;
  const whole = range === undefined ? undefined : pathOf(range, true);
  const withPages = useRead<VitalsAnswer>(whole);
  // A site that keeps no pairs with pages refuses to list them; the rest is there all the same.
  const refused = range !== undefined && withPages.error?.code === 'filter_not_kept' && whole !== pathOf(range, false);
  const path = refused ? pathOf(range, false) : whole;
  const without = useRead<VitalsAnswer>(refused ? path : undefined);
  const asked = refused ? without : withPages;
  const some = (asked.data?.vitals.length ?? 0) > 0;
  const interval = intervalOf(store.days.value);
  const filtered = store.filter.value !== undefined;
  const title = <h1 class="visually-hidden">{vt().title}</h1>;
  if (asked.data && !some && !filtered && !asked.stale) {
    return (
      <>
        {title}
        <NoVitals />
      </>
    );
  }
  return (
    <>
      {title}
      <FilterChip meta={undefined} />
      {takes() ? null : <p class="note">{vt().oneValue}</p>}
      <Devices />
      <Loaded of={asked} skeleton={<Skeletons />}>
        {({ vitals, series, pages, meta }) =>
          vitals.length === 0 ? (
            <p class="empty">{vt().noneUnder}</p>
          ) : (
            <>
              <div class="vitals">
                {NAMES.map((name) => (
                  <Vital
                    key={name}
                    name={name}
                    row={vitals.find((one) => one.name === name)}
                    over={interval && series && series.length > 1 ? { interval, spans: series } : undefined}
                    call={path}
                  />
                ))}
                <About />
              </div>
              {pages ? <Pages pages={pages} folded={meta.suppressed.rows} call={path} /> : null}
            </>
          )
        }
      </Loaded>
    </>
  );
}

const Skeletons = () => (
  <div class="vitals">
    {NAMES.map((name) => (
      <SkeletonBox key={name} height="23rem" />
    ))}
  </div>
);

const KINDS = ['Desktop', 'Mobile', 'Tablet'];

/** The question asked first: is it the phones? */
function Devices() {
  const filter = store.filter.value;
  const chosen = filter?.dimension === 'visit:device' && filter.operator === 'is' && filter.values.length === 1 ? filter.values[0] : undefined;
  const show = (kind: string | undefined) =>
    store.setFilter(kind === undefined ? undefined : { dimension: 'visit:device', operator: 'is', values: [kind] });
  return (
    <div class="kinds" role="group" aria-label={vt().devices}>
      <button type="button" class="plain" aria-pressed={filter === undefined} onClick={() => show(undefined)}>
        {vt().all}
      </button>
      {KINDS.map((kind) => (
        <button key={kind} type="button" class="plain" aria-pressed={kind === chosen} onClick={() => show(kind)}>
          {nameFor('visit:device', kind).text}
        </button>
      ))}
    </div>
  );
}

const tag = (): string => `<script defer src="${location.origin}/hc.js" data-site="${store.siteId.value}" data-vitals></script>`;

const About = () => (
  <Card name="about" title={vt().about} look="vital about-vitals">
    <p class="note">{vt().rights}</p>
    <p class="note">{vt().when}</p>
    <p class="note">{vt().turnedOn}</p>
    <Snippet text={tag()} />
  </Card>
);

const NoVitals = () => (
  <EmptyState title={vt().none} snippet={tag()}>
    <p>{vt().noneWhy}</p>
    <p class="note">{vt().when}</p>
  </EmptyState>
);
