/** What was paid: in total and on average, over time, and by where payers came from. One currency at a time. */
import type { Answer, Measure, Question } from '../../api/query.ts';
import { Card } from '../../part/Card.tsx';
import { EmptyState } from '../../part/EmptyState.tsx';
import { Figures } from '../../part/Figures.tsx';
import { seriesBucket } from '../../part/series.ts';
import { panelOf, Tabs } from '../../part/Tabs.tsx';
import { TimeGraph } from '../../part/TimeGraph.tsx';
import { useQuery } from '../../state/ask.ts';
import { toApi } from '../../state/filter.ts';
import * as store from '../../state/store.ts';
import { w } from '../../text/words.ts';
import { chosenCurrency, MEASURES } from './revenue.ts';
import { RevenueList } from './RevenueList.tsx';
import { gt } from './text.ts';

function question(metrics: Measure[], comparison: Question['date_range'] | undefined, dimensions: string[] = []): Question | undefined {
  const range = store.dateRange.value;
  if (range === undefined) return undefined;
  const currency = chosenCurrency();
  return {
    site_id: store.siteId.value,
    metrics,
    date_range: range,
    dimensions,
    filters: toApi(store.filter.value),
    include: { ...(comparison && { comparison }), ...(currency && { currency }) },
  };
}

const PAY = "headcount('purchase', {\n  props: { plan: 'pro' },\n  revenue: { amount: 49.9, currency: 'EUR' },\n})";

export function Revenue() {
  const against = store.comparison.value ?? (store.dateRange.value === 'all' ? undefined : 'previous_period');
  const asked = useQuery(question([...MEASURES], against));
  const { revenue } = asked.data?.meta ?? {};
  const paid = asked.data?.results[0]?.metrics.some((amount) => amount !== 0) ?? true;
  const before = asked.data?.results[0]?.comparison?.metrics.some((amount) => amount !== 0) ?? false;
  if (!paid && !before && !revenue?.others.length) {
    return (
      <EmptyState title={gt().noPayments} snippet={PAY}>
        <p>{gt().noPaymentsWhy}</p>
      </EmptyState>
    );
  }
  const chosen = MEASURES.find((one) => one === store.view.value.metric) ?? 'total_revenue';
  const choose = (measure: Measure) => store.go({ metric: measure === 'total_revenue' ? '' : measure }, 'replace');
  return (
    <>
      <Card name="revenue" title={gt().revenue} look="revenue" tools={<Currencies revenue={revenue} />}>
        <div {...(revenue?.others.length ? panelOf('currency', revenue.currency) : {})}>
          <Figures asked={asked} measures={MEASURES} chosen={chosen} choose={choose} />
          <Graph measure={chosen} />
        </div>
        <p class="note">{gt().converted}</p>
      </Card>
      {store.filter.value ? <p class="note revenue">{gt().filterNote}</p> : <RevenueList paid={paid} />}
    </>
  );
}

function Currencies({ revenue }: { revenue: Answer['meta']['revenue'] }) {
  if (!revenue?.others.length) return null;
  const tabs = [revenue.currency, ...revenue.others].toSorted().map((id) => ({ id, label: id }));
  return <Tabs name="currency" label={gt().currency} tabs={tabs} chosen={revenue.currency} choose={(id) => store.setOwn('currency', id)} />;
}

function Graph({ measure }: { measure: Measure }) {
  const asking = question([measure], store.comparison.value, [`time:${seriesBucket(store.bucket.value)}`]);
  return <TimeGraph question={asking} title={w().measures[measure]} />;
}
