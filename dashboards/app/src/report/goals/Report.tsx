/** Goals: how many reach what the site is for, and what they pay. */
import { useEffect, useState } from 'preact/hooks';
import type { Question } from '../../api/query.ts';
import type { Goal, Goals as GoalList } from '../../api/schema.ts';
import { Card } from '../../part/Card.tsx';
import { FilterChip } from '../../part/FilterChip.tsx';
import { FoldedNote } from '../../part/FoldedNote.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { useQuery, useRead } from '../../state/ask.ts';
import { toApi } from '../../state/filter.ts';
import * as store from '../../state/store.ts';
import { Editor } from './Editor.tsx';
import { Empty } from './Empty.tsx';
import { countedOf, METRICS, type Counted } from './goals.ts';
import { Removal } from './Removal.tsx';
import { Revenue } from './Revenue.tsx';
import { Table, useMore } from './Table.tsx';
import { gt } from './text.ts';
import './goals.css';

/** The change is against the period before, or what is chosen to compare with. */
function question(): Question | undefined {
  const range = store.dateRange.value;
  if (range === undefined) return undefined;
  const comparison = store.comparison.value ?? (range === 'all' ? undefined : 'previous_period');
  return {
    site_id: store.siteId.value,
    metrics: [...METRICS],
    date_range: range,
    dimensions: ['event:goal'],
    filters: toApi(store.filter.value),
    ...(comparison && { include: { comparison } }),
  };
}

const sheetOf = (counted: readonly Counted[]) => () => ({
  columns: [gt().goal, gt().uniques, gt().conversions, gt().rate, gt().change],
  rows: counted.map(({ name, visitors, events, rate, moved }) => [name, visitors, events, rate, moved ?? '']),
});

export default function Goals() {
  const defined = useRead<GoalList>(`/api/v1/goals?site=${encodeURIComponent(store.siteId.value)}`);
  const asking = question();
  const asked = useQuery(asking);
  // Asked with the rest, so that no column comes in later.
  const more = useMore();
  const [open, setOpen] = useState<'editor' | Goal>();
  const goals = defined.data?.goals;
  const counted = goals && asked.data ? countedOf(goals, asked.data) : [];
  const close = () => setOpen(undefined);
  useEffect(() => store.tellSpan(asked.data?.query.date_range), [asked.data]);
  const empty = goals?.length === 0 && asked.data !== undefined && counted.length === 0;
  return (
    <>
      <h1 class="visually-hidden">{gt().title}</h1>
      <FilterChip meta={asked.data?.meta} />
      {empty ? (
        <Empty add={store.mayEdit.value ? () => setOpen('editor') : undefined} />
      ) : (
        <Card name="goals" title={gt().list} look="goal-list" tools={<Tools add={() => setOpen('editor')} counted={counted} call={asking} />}>
          <Loaded of={defined.error ? { ...asked, error: defined.error, again: defined.again } : goals ? asked : { ...asked, data: undefined }} skeleton={<Bones goals={goals?.length} />}>
            {({ meta }) => (
              <>
                <Table counted={counted} more={more} remove={store.mayEdit.value ? setOpen : undefined} />
                <footer class="panel-foot">
                  <p class="note">{gt().howToRead}</p>
                  {store.filter.value ? null : <FoldedNote meta={meta} />}
                </footer>
              </>
            )}
          </Loaded>
        </Card>
      )}
      {/* Below a list that is drawn, nothing moves. */}
      {(goals && asked.data) || defined.error || asked.error ? <Revenue /> : null}
      {open === 'editor' ? <Editor close={close} /> : open ? <Removal goal={open} close={close} /> : null}
    </>
  );
}

/** The room that the rows will take: head, rows of 3.25, foot. */
const Bones = ({ goals = 8 }: { goals?: number | undefined }) => <SkeletonBox height={`${4 + 3.25 * goals}rem`} />;

function Tools({ add, counted, call }: { add: () => void; counted: readonly Counted[]; call: Question | undefined }) {
  return (
    <>
      {store.mayEdit.value ? (
        <button type="button" class="plain" onClick={add}>
          {gt().add}
        </button>
      ) : null}
      <ReportMenu title={gt().title} sheet={sheetOf(counted)} call={call} />
    </>
  );
}
