/** One page: what was looked at after it, and before. */
import type { JourneyRow, JourneysAnswer } from '../../api/schema.ts';
import { BarTable } from '../../part/BarTable.tsx';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { isValue, listQuestion, rowsOf } from '../../part/table.ts';
import { useQuery, useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { w } from '../../text/words.ts';
import { pick } from './FlowCard.tsx';
import { jt } from './text.ts';

interface Props {
  data: JourneysAnswer;
  path: string | undefined;
}

/** Every page one may ask about: those of the ways, and the most seen ones. */
function usePages({ next, second, third }: JourneysAnswer): string[] {
  const range = store.dateRange.value;
  const seen = useQuery(range === undefined ? undefined : listQuestion({ site: store.siteId.value, range, dimension: 'event:page', measures: ['visitors'], limit: 100 }));
  const listed = [...next, ...second, ...third].flatMap(({ from, to }) => [from, to]);
  return [...new Set([...listed, ...(seen.data ? rowsOf(seen.data) : []).map(({ value }) => value)])].filter(isValue).sort();
}

export function Around({ data, path }: Props) {
  const pages = usePages(data);
  const first = [...data.next, ...data.second].map(({ from }) => from).find(isValue) ?? pages[0];
  const page = store.view.value.own['page'] ?? first;
  if (!page || !path) return null;
  return (
    <div class="around">
      <label class="around-page">
        <span>{jt().page}</span>
        <select aria-label={jt().page} value={page} onChange={(event) => pick(event.currentTarget.value)}>
          {[...new Set([page, ...pages])].map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <div class="around-lists">
        <After key={page} page={page} path={`${path}&from_page=${encodeURIComponent(page)}`} />
        <Before page={page} rows={data.next.filter(({ from, to }) => to === page && isValue(from))} path={path} />
      </div>
    </div>
  );
}

const sheetOf = (rows: readonly JourneyRow[], side: 'from' | 'to') => () => ({
  columns: [jt()[side], jt().times, w().measures.visitors],
  rows: rows.map((row) => [row[side], row.events, row.visitors]),
});

function After({ page, path }: { page: string; path: string }) {
  const asked = useRead<JourneysAnswer>(path);
  const title = jt().after(page);
  return (
    <Card name="after" title={title} tools={<ReportMenu title={title} sheet={sheetOf(asked.data?.next ?? [], 'to')} call={path} />}>
      <Loaded of={asked} skeleton={<SkeletonRows rows={6} />}>
        {({ next }) => <List rows={next} side="to" empty={jt().noAfter} note={jt().afterNote} />}
      </Loaded>
    </Card>
  );
}

function Before({ page, rows, path }: { page: string; rows: JourneyRow[]; path: string }) {
  const title = jt().before(page);
  return (
    <Card name="before" title={title} tools={<ReportMenu title={title} sheet={sheetOf(rows, 'from')} call={path} />}>
      <List rows={rows} side="from" empty={jt().noBefore} note={jt().beforeNote} />
    </Card>
  );
}

function List({ rows, side, empty, note }: { rows: JourneyRow[]; side: 'from' | 'to'; empty: string; note: string }) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const shown = rows.map((row) => ({ value: row[side], numbers: [row.events, row.visitors] }));
  return (
    <>
      <BarTable rows={shown} dimension="event:page" measures={['events', 'visitors']} choose={pick} />
      <p class="note">{note}</p>
    </>
  );
}
