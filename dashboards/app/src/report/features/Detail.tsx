/** One feature: how it goes over time, what was sent along, and who uses it where and with what. */
import { useMemo, useRef } from 'preact/hooks';
import type { Measure, Question } from '../../api/query.ts';
import { curveOf, type Curve } from '../../part/curve.ts';
import { Figures } from '../../part/Figures.tsx';
import { Link } from '../../part/Link.tsx';
import { ListCard } from '../../part/ListCard.tsx';
import { Problem } from '../../part/Problem.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { seriesBucket } from '../../part/series.ts';
import { Trend } from '../../part/Trend.tsx';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { t, w } from '../../text/words.ts';
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
  const box = useRef<HTMLDivElement>(null);
  const measure = drawn();
  const range = store.dateRange.value;
  const comparison = store.comparison.value;
  // A feature is a filter here, and filtered numbers are kept by the day and coarser.
  const bucket = seriesBucket(store.bucket.value);
  const question: Question | undefined =
    range === undefined
      ? undefined
      : {
          site_id: store.siteId.value,
          metrics: [measure],
          date_range: range,
          dimensions: [`time:${bucket}`],
          filters: [['is', 'event:name', [name]]],
          ...(comparison && { include: { comparison } }),
        };
  const { data, stale, error, again } = useQuery(question);
  const open = store.isRunning.value;
  const curve = useMemo((): Curve | undefined => {
    if (!data) return undefined;
    const [asMeasure = measure] = data.query['metrics'] as Measure[];
    const [by = ''] = data.query['dimensions'] as string[];
    const about = { bucket: by.slice(5) as Curve['bucket'], measure: asMeasure, open, notes: [] };
    return curveOf(data, about, { now: w().measures[asMeasure], before: t().before });
  }, [data, open, w()]);
  const sheet = () => ({
    columns: [w().buckets[bucket], ...(curve?.lines.map((line) => line.name) ?? [])],
    rows: (curve?.labels ?? []).map((label, i) => [label, ...(curve?.lines.map(({ values }) => values[i] ?? 0) ?? [])]),
  });
  if (error) return <Problem error={error} again={again} />;
  return (
    <div class={stale ? 'graph stale' : 'graph'} ref={box} aria-busy={!data || stale}>
      <div class="tools">
        <ReportMenu title={`${name} ${ft().whole}`} sheet={sheet} picture={() => box.current?.querySelector('canvas')} call={question} />
      </div>
      <Trend curve={curve} />
    </div>
  );
}
