/** Every feature with its trend, and the picture that compares some of them. */
import { useEffect } from 'preact/hooks';
import type { Measure } from '../../api/query.ts';
import { FilterChip } from '../../part/FilterChip.tsx';
import { FoldedNote } from '../../part/FoldedNote.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { Card } from '../../part/Card.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { seriesOf, seriesQuestion } from '../../part/series.ts';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useQuery } from '../../state/ask.ts';
import { toApi } from '../../state/filter.ts';
import * as store from '../../state/store.ts';
import { w } from '../../text/words.ts';
import { Compare } from './Compare.tsx';
import { Empty } from './Empty.tsx';
import { DRAWN, featuresOf, featuresQuestion, perVisitor, readChosen, type Feature } from './questions.ts';
import { Table } from './Table.tsx';
import { ft } from './text.ts';

/** What the whole report draws. */
export function drawnMeasure(): Measure {
  return DRAWN.find((one) => one === store.view.value.metric) ?? 'visitors';
}

/** What changes are against: the comparison of the page, else the period before. */
export const against = () => store.comparison.value ?? (store.dateRange.value === 'all' ? undefined : 'previous_period');

function useFeatures() {
  const range = store.dateRange.value;
  const site = store.siteId.value;
  const filter = store.filter.value;
  const question =
    range === undefined ? undefined : featuresQuestion({ site, range, filters: toApi(filter), comparison: against() });
  // Under a filter there is no room for the day beside the feature.
  const series =
    range === undefined || filter ? undefined : seriesQuestion({ site, range, bucket: store.bucket.value, dimension: 'event:name', measures: [...DRAWN] });
  return { question, asked: useQuery(question), series, over: useQuery(series) };
}

const sheetOf = (features: readonly Feature[], measure: Measure) => () => ({
  columns: [ft().feature, w().measures.events, w().measures.visitors, w().measures.conversion_rate, ft().perVisitor, ft().change],
  rows: features.map((one) => [one.name, one.events, one.visitors, one.adoption, Math.round(100 * perVisitor(one)) / 100, one.moved[measure] ?? '']),
});

export function List() {
  const { question, asked, series, over } = useFeatures();
  const measure = drawnMeasure();
  const features = asked.data ? featuresOf(asked.data) : undefined;
  const filtered = store.filter.value !== undefined;
  const curves = over.data && !filtered ? seriesOf(over.data) : undefined;
  useEffect(() => store.tellSpan(asked.data?.query.date_range), [asked.data]);
  if (features?.length === 0 && !filtered && !asked.stale) {
    return (
      <>
        <h1 class="visually-hidden">{ft().title}</h1>
        <Empty />
      </>
    );
  }
  return (
    <>
      <h1 class="visually-hidden">{ft().title}</h1>
      <FilterChip meta={asked.data?.meta} />
      {filtered ? (
        <p class="note">{ft().filteredNote}</p>
      ) : (
        <Compare over={over} curves={curves} call={series} features={features} measure={measure} />
      )}
      <Card name="features" title={ft().list} look="feature-list" tools={<ReportMenu title={ft().title} sheet={sheetOf(features ?? [], measure)} call={question} />}>
        <Loaded of={asked} skeleton={<SkeletonRows rows={12} />}>
          {({ meta }) => (
            <>
              {features?.length ? (
                <Table features={features} curves={curves} measure={measure} chosen={readChosen(store.view.value.own['with'])} />
              ) : (
                <p class="empty">{ft().noneUnder}</p>
              )}
              {filtered ? null : <FoldedNote meta={meta} />}
            </>
          )}
        </Loaded>
      </Card>
    </>
  );
}
