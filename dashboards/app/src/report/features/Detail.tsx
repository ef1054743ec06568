/** One feature: how it goes over time, what was sent along, and who uses it where and with what. */
import type { Measure, Question } from '../../api/query.ts';
import { Figures } from '../../part/Figures.tsx';
import { Link } from '../../part/Link.tsx';
import { ListCard } from '../../part/ListCard.tsx';
import { seriesBucket } from '../../part/series.ts';
import { TimeGraph } from '../../part/TimeGraph.tsx';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { breakdowns } from './breakdowns.ts';
import { against } from './List.tsx';
import { Numbers } from './Numbers.tsx';
import { Properties } from './Properties.tsx';
import { ft } from './text.ts';

const MEASURES = ['visitors', 'events', 'visits', 'conversion_rate'] as const satisfies Measure[];

/** The measure of the address, among those that are kept for a feature. */
const drawn = (): Measure => MEASURES.find((one) => one === store.view.value.metric) ?? 'visitors';

const choose = (measure: Measure): void => store.go({ metric: measure === 'visitors' ? '' : measure }, 'replace');

export function Detail({ name }: { name: string }) {
  const range = store.dateRange.value;
  const comparison = against();
  const about = { site_id: store.siteId.value, date_range: range ?? '', filters: [['is', 'event:name', [name]]] as Question['filters'] };
  const asked = useQuery(
    range === undefined ? undefined : { ...about, metrics: [...MEASURES], ...(comparison && { include: { comparison } }) },
  );
  return (
    <>
      <div class="feature-head">
        <Link to={{ own: {}, metric: '' }}>← {ft().back}</Link>
        <h1>{name}</h1>
      </div>
      {store.filter.value ? <p class="note">{ft().setAside}</p> : null}
      <section class="card overview" aria-label={name}>
        <Figures asked={asked} measures={MEASURES} chosen={drawn()} choose={choose} />
        <Graph name={name} />
      </section>
      <div class="panels">
        <Properties name={name} />
        <Numbers name={name} />
        {breakdowns(name).map((panel) => (
          <ListCard key={panel.name} {...panel} />
        ))}
      </div>
    </>
  );
}

function Graph({ name }: { name: string }) {
  const range = store.dateRange.value;
  const comparison = store.comparison.value;
  const question: Question | undefined =
    range === undefined
      ? undefined
      : {
          site_id: store.siteId.value,
          metrics: [drawn()],
          date_range: range,
          // A feature is a filter here, and filtered numbers are kept by the day and coarser.
          dimensions: [`time:${seriesBucket(store.bucket.value)}`],
          filters: [['is', 'event:name', [name]]],
          ...(comparison && { include: { comparison } }),
        };
  return <TimeGraph question={question} title={`${name} ${ft().whole}`} />;
}
