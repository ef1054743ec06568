/** One page: what was looked at after it, and before. */
import type { JourneyRow, JourneysAnswer } from '../../api/schema.ts';
import { BarTable } from '../../part/BarTable.tsx';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { w } from '../../text/words.ts';
import { pathBy, pick } from './asking.ts';
import { jt } from './text.ts';

interface Props {
  /** Every page one may ask about. */
  pages: readonly string[];
  page: string;
  path: string;
}

export function Around({ pages, page, path }: Props) {
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
        <Side key={`after ${page}`} name="after" title={jt().after(page)} side="to" empty={jt().noAfter} note={jt().afterNote} path={pathBy(path, 'from', page)} />
        <Side key={`before ${page}`} name="before" title={jt().before(page)} side="from" empty={jt().noBefore} note={jt().beforeNote} path={pathBy(path, 'to', page)} />
      </div>
    </div>
  );
}

const sheetOf = (rows: readonly JourneyRow[], side: 'from' | 'to') => () => ({
  columns: [jt()[side], jt().times, w().measures.visitors],
  rows: rows.map((row) => [row[side], row.events, row.visitors]),
});

interface SideProps {
  name: string;
  title: string;
  /** The side of a way that is listed. */
  side: 'from' | 'to';
  empty: string;
  note: string;
  path: string;
}

function Side({ name, title, side, empty, note, path }: SideProps) {
  const asked = useRead<JourneysAnswer>(path);
  return (
    <Card name={name} title={title} tools={<ReportMenu title={title} sheet={sheetOf(asked.data?.next ?? [], side)} call={path} />}>
      <Loaded of={asked} skeleton={<SkeletonRows rows={6} />}>
        {({ next }) => <List rows={next} side={side} empty={empty} note={note} />}
      </Loaded>
    </Card>
  );
}

function List({ rows, side, empty, note }: { rows: JourneyRow[]; side: 'from' | 'to'; empty: string; note: string }) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const shown = rows.map((row) => ({ value: row[side], numbers: [row.events, row.visitors] }));
  return (
    <>
      <BarTable rows={shown} dimension="event:page" measures={['events', 'visitors']} bounded choose={pick} />
      <p class="note">{note}</p>
    </>
  );
}
