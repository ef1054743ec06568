/** Traffic: how many came, from where, to which pages, with what. */
import { useEffect } from 'preact/hooks';
import type { Measure } from '../../api/query.ts';
import { FilterChip } from '../../part/FilterChip.tsx';
import { ImportedNote } from '../../part/ImportedNote.tsx';
import { ListCard } from '../../part/ListCard.tsx';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { t } from '../../text/words.ts';
import { FirstHit } from './FirstHit.tsx';
import { Graph } from './Graph.tsx';
import { Headline, headlineMeasures, headlineQuestion } from './Headline.tsx';
import { NowHere } from './NowHere.tsx';
import { panels } from './panels.tsx';
import { tt } from './text.ts';
import './traffic.css';

/** Asked only when nothing was counted in the period: whether anything ever was. */
function useEverCounted(empty: boolean): boolean {
  const question = { site_id: store.siteId.value, metrics: ['events' as const], date_range: 'all' };
  const { data } = useQuery(empty ? question : undefined);
  return !empty || data === undefined || (data.results[0]?.metrics[0] ?? 0) > 0;
}

export default function Traffic() {
  const headline = useQuery(headlineQuestion());
  const empty = store.filter.value === undefined && headline.data !== undefined && !headline.data.results[0]?.metrics.some((number) => number > 0);
  const counted = useEverCounted(empty);
  const measures = headlineMeasures();
  const wanted = store.view.value.metric as Measure;
  const measure = measures.includes(wanted) ? wanted : 'visitors';
  useEffect(() => store.tellSpan(headline.data?.query.date_range), [headline.data]);
  if (!counted) return <FirstHit />;
  return (
    <>
      <h1 class="visually-hidden">{store.siteId.value}</h1>
      <FilterChip meta={headline.data?.meta} />
      <section class="card overview" aria-label={tt().headline}>
        <NowHere />
        <Headline asked={headline} chosen={measure} />
        <Graph measure={measure} />
        {store.isRunning.value && store.dateRange.value !== 'all' ? <p class="note">{t().partOfDay}</p> : null}
        <ImportedNote meta={headline.data?.meta} />
      </section>
      <div class="panels">
        {panels().map((panel) => (
          <ListCard key={panel.name} {...panel} />
        ))}
      </div>
    </>
  );
}
