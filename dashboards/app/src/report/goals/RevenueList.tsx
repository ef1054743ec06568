/** Revenue by where payers came from. */
import type { Question } from '../../api/query.ts';
import { BarTable } from '../../part/BarTable.tsx';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { listQuestion, restLast, rowsOf } from '../../part/table.ts';
import { panelOf, Tabs } from '../../part/Tabs.tsx';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { t, w } from '../../text/words.ts';
import { chosenCurrency, MEASURES } from './revenue.ts';
import { gt } from './text.ts';

const DIMENSIONS = { source: 'visit:source', campaign: 'visit:utm_campaign', country: 'visit:country' } as const;
type Id = keyof typeof DIMENSIONS;

function question(id: Id): Question | undefined {
  const range = store.dateRange.value;
  if (range === undefined) return undefined;
  const list = listQuestion({ site: store.siteId.value, range, dimension: DIMENSIONS[id], measures: [...MEASURES], limit: 100 });
  const currency = chosenCurrency();
  return currency ? { ...list, include: { currency } } : list;
}

/** `paid`: whether there were payments at all. */
export function RevenueList({ paid }: { paid: boolean }) {
  const labels = { source: gt().bySource, campaign: gt().byCampaign, country: gt().byCountry };
  const own = store.view.value.own['payers'];
  const id: Id = own && own in DIMENSIONS ? (own as Id) : 'source';
  const asking = question(id);
  const asked = useQuery(asking);
  // Values that nobody paid from are in the answer, because they have visitors.
  const rows = asked.data ? restLast(rowsOf(asked.data).filter(({ numbers: [amount = 0] }) => amount !== 0)) : [];
  const folded = paid && rows.every(({ value }) => value === '(other)');
  const sheet = () => ({
    columns: [DIMENSIONS[id], ...MEASURES.map((measure) => w().measures[measure])],
    rows: rows.map(({ value, numbers }) => [value, ...numbers]),
  });
  const tabs = (Object.keys(DIMENSIONS) as Id[]).map((one) => ({ id: one, label: labels[one] }));
  return (
    <Card
      name="payers"
      title={gt().by}
      look="revenue"
      head={<Tabs name="payers" label={gt().by} tabs={tabs} chosen={id} choose={(one) => store.setOwn('payers', one === 'source' ? '' : one)} />}
      tools={<ReportMenu title={`${gt().revenue} ${labels[id]}`} sheet={sheet} call={asking} />}
    >
      <div class="payers" {...panelOf('payers', id)}>
        <Loaded key={id} of={asked} skeleton={<SkeletonRows rows={6} />}>
          {({ meta }) => (
            <>
              {rows.length > 0 ? <BarTable rows={rows} dimension={DIMENSIONS[id]} measures={MEASURES} currency={meta.revenue?.currency} /> : null}
              {rows.length === 0 ? <p class="empty">{t().noData}</p> : null}
              {folded && rows.length > 0 ? <p class="note">{gt().allFolded}</p> : null}
            </>
          )}
        </Loaded>
      </div>
    </Card>
  );
}
