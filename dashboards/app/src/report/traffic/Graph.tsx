/** The chosen measure over time. */
import { useMemo, useRef } from 'preact/hooks';
import type { Measure, Question } from '../../api/query.ts';
import type { Annotations } from '../../api/schema.ts';
import { curveOf, type Curve } from '../../part/curve.ts';
import { Menu } from '../../part/Menu.tsx';
import { Popover } from '../../part/Popover.tsx';
import { Problem } from '../../part/Problem.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { Trend } from '../../part/Trend.tsx';
import { useQuery, useRead } from '../../state/ask.ts';
import { toApi } from '../../state/filter.ts';
import { bucketsOf } from '../../state/range.ts';
import * as store from '../../state/store.ts';
import { t, w } from '../../text/words.ts';
import { tt } from './text.ts';

function question(measure: Measure): Question | undefined {
  const range = store.dateRange.value;
  const comparison = store.comparison.value;
  if (range === undefined) return undefined;
  return {
    site_id: store.siteId.value,
    metrics: [measure],
    date_range: range,
    dimensions: [`time:${store.bucket.value}`],
    filters: toApi(store.filter.value),
    ...(comparison && { include: { comparison } }),
  };
}

export function Graph({ measure }: { measure: Measure }) {
  const box = useRef<HTMLDivElement>(null);
  const asking = question(measure);
  const { data, stale, error, again } = useQuery(asking);
  const notes = useRead<Annotations>(`/api/v1/annotations?site=${encodeURIComponent(store.siteId.value)}`).data?.annotations;
  const open = store.isRunning.value;
  const curve = useMemo((): Curve | undefined => {
    if (!data) return undefined;
    // What was asked then: an older answer is drawn as what it is until the new one is there.
    const [asked = measure] = data.query['metrics'] as Measure[];
    const [by = ''] = data.query['dimensions'] as string[];
    const about = { bucket: by.slice(5) as Curve['bucket'], measure: asked, open, notes: notes ?? [] };
    return curveOf(data, about, { now: w().measures[asked], before: t().before });
  }, [data, notes, open, w()]);
  const sheet = () => ({
    columns: [w().buckets[store.bucket.value], ...(curve?.lines.map(({ name }) => name) ?? [])],
    rows: (curve?.labels ?? []).map((label, i) => [label, ...(curve?.lines.map(({ values }) => values[i] ?? 0) ?? [])]),
  });
  if (error) return <Problem error={error} again={again} />;
  return (
    <div class={stale ? 'graph stale' : 'graph'} ref={box} aria-busy={!data || stale}>
      <div class="tools">
        <BucketPicker />
        <ReportMenu title={tt().graph} sheet={sheet} picture={() => box.current?.querySelector('canvas')} call={asking} />
      </div>
      <Trend curve={curve} />
    </div>
  );
}

function BucketPicker() {
  const now = store.bucket.value;
  const fits = bucketsOf(store.days.value, store.filter.value !== undefined);
  if (fits.length < 2) return null;
  const items = fits.map((id) => ({ id, label: w().byBucket[id], chosen: id === now, run: () => store.go({ by: id }, 'replace') }));
  return (
    <Popover label={`${tt().by}: ${w().byBucket[now]}`} look="quiet" button={<span class="drop">{w().byBucket[now]}</span>}>
      {(close) => <Menu label={tt().by} items={items} close={close} />}
    </Popover>
  );
}
