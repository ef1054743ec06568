/** A card of lists: tabs of dimensions, the first rows of each, and the way to all of them. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer, Measure } from '../api/query.ts';
import { measuresOf, type Filter } from '../state/filter.ts';
import * as store from '../state/store.ts';
import { useQuery, type Asked } from '../state/ask.ts';
import { t, w } from '../text/words.ts';
import { BarTable } from './BarTable.tsx';
import { Card } from './Card.tsx';
import { FoldedNote } from './FoldedNote.tsx';
import { Lazy } from './Lazy.tsx';
import { Loaded } from './Loaded.tsx';
import { ReportMenu } from './ReportMenu.tsx';
import { SkeletonRows } from './Skeleton.tsx';
import { listQuestion, restLast, rowsOf } from './table.ts';
import { panelOf, Tabs, type Tab } from './Tabs.tsx';

export interface ListTab extends Tab {
  dimension: string;
  /** What a row is, where the dimension does not say. */
  column?: string;
  /** Beside the first, at most two more; visitors and share unless said. */
  measures?: Measure[];
  /** In place of the filter of the page. */
  filter?: Filter;
  /** In place of the list. */
  picture?: () => ComponentChildren;
  /** Stands above the list. */
  note?: string;
  /** Shown when this list is not kept. */
  instead?: ListTab;
  /** Explains an empty list. */
  empty?: ComponentChildren;
  /** What a click on a value does; filtering, where that is possible, unless said. `false`: nothing. */
  choose?: ((value: string) => void) | false;
}

interface Props {
  /** Also the name of the tab's parameter in the address. */
  name: string;
  title: string;
  tabs: readonly [ListTab, ...ListTab[]];
}

const details = () => import('./DetailsDialog.tsx').then(({ DetailsDialog }) => DetailsDialog);

/** Rows before "details". */
const ROWS = 9;

export function ListCard({ name, title, tabs }: Props) {
  const own = store.view.value.own[name];
  const tab = tabs.find(({ id }) => id === own) ?? tabs[0];
  const choose = (id: string) => store.setOwn(name, id === tabs[0].id ? '' : id);
  const many = tabs.length > 1;
  return (
    // Another tab is another list: nothing of the one before may stay.
    <TabCard
      key={tab.id}
      name={name}
      title={title}
      tab={tab}
      head={many ? <Tabs name={name} label={title} tabs={tabs} chosen={tab.id} choose={choose} /> : undefined}
    />
  );
}

function useList(tab: ListTab): { asked: Asked<Answer>; measures: Measure[]; question: ReturnType<typeof listQuestion> | undefined } {
  const filter = tab.filter ?? store.filter.value;
  const wanted = tab.measures ?? ['visitors', 'percentage'];
  const kept = new Set<Measure>([...measuresOf(tab.dimension, filter), 'percentage', 'events', 'total_revenue']);
  const measures = wanted.filter((measure) => kept.has(measure));
  const range = store.dateRange.value;
  const list = { site: store.siteId.value, dimension: tab.dimension, measures, filter, limit: ROWS + 1 };
  const question = range === undefined ? undefined : listQuestion({ ...list, range });
  return { asked: useQuery(tab.picture ? undefined : question), measures, question };
}

function TabCard({ name, title, tab, head }: { name: string; title: string; tab: ListTab; head: ComponentChildren }) {
  const { asked, measures, question } = useList(tab);
  const [detailed, setDetailed] = useState(false);
  const rows = asked.data ? rowsOf(asked.data) : [];
  const sheet = () => ({
    columns: [tab.dimension, ...measures.map((measure) => w().measures[measure])],
    rows: rows.map(({ value, numbers }) => [value, ...numbers]),
  });
  if (asked.error?.status === 422 && tab.instead) return <TabCard name={name} title={title} tab={tab.instead} head={head} />;
  const tools = tab.picture ? null : <ReportMenu title={tab.label} sheet={sheet} call={question} />;
  return (
    <Card name={name} title={title} head={head} tools={tools}>
      <div class="panel-body" {...(head ? panelOf(name, tab.id) : {})}>
        {tab.note ? <p class="note">{tab.note}</p> : null}
        {tab.picture ? (
          tab.picture()
        ) : (
          <Loaded of={asked} skeleton={<SkeletonRows rows={ROWS} />}>
            {(answer) => <Rows answer={answer} tab={tab} measures={measures} />}
          </Loaded>
        )}
        {rows.length > 0 ? (
          <footer class="panel-foot">
            <button type="button" class="plain more" onClick={() => setDetailed(true)}>
              {t().details}
            </button>
            {asked.data ? <FoldedNote meta={asked.data.meta} /> : null}
          </footer>
        ) : null}
      </div>
      {detailed ? <Lazy load={details} with={{ tab, close: () => setDetailed(false) }} /> : null}
    </Card>
  );
}

function Rows({ answer, tab, measures }: { answer: Answer; tab: ListTab; measures: Measure[] }) {
  const rows = restLast(rowsOf(answer));
  const folded = (answer.meta.suppressed?.visitors ?? 0) > 0;
  if (rows.length === 0) return <div class="empty">{folded ? t().onlyFolded : (tab.empty ?? t().noData)}</div>;
  const bounded = answer.meta.visitors === 'upper_bound';
  return <BarTable rows={rows.slice(0, ROWS)} dimension={tab.dimension} column={tab.column} measures={measures} currency={answer.meta.revenue?.currency} bounded={bounded} choose={tab.choose} />;
}
