/** The chosen measure over time, with the notes of its days. */
import { useState } from 'preact/hooks';
import type { Measure, Question } from '../../api/query.ts';
import type { Annotation, Annotations } from '../../api/schema.ts';
import { notesOf } from '../../part/curve.ts';
import { Lazy } from '../../part/Lazy.tsx';
import { Menu } from '../../part/Menu.tsx';
import { Popover } from '../../part/Popover.tsx';
import { TimeGraph } from '../../part/TimeGraph.tsx';
import { useRead } from '../../state/ask.ts';
import { toApi } from '../../state/filter.ts';
import { bucketsOf } from '../../state/range.ts';
import * as store from '../../state/store.ts';
import { w } from '../../text/words.ts';
import { tt } from './text.ts';

const notesDialog = () => import('../../part/notes/NotesDialog.tsx').then(({ NotesDialog }) => NotesDialog);

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
  const notes = useRead<Annotations>(`/api/v1/annotations?site=${encodeURIComponent(store.siteId.value)}`).data?.annotations;
  const [noting, setNoting] = useState<{ notes: readonly Annotation[]; day: string }>();
  const mayNote = store.mayEdit.value;
  const add = () => setNoting({ notes: [], day: store.days.peek()[1] });
  return (
    <TimeGraph
      question={question(measure)}
      title={tt().overTime(w().measures[measure])}
      // Days after those shown belong to no bucket, the last neither.
      {...(notes && { notes: notes.filter(({ day }) => day <= store.days.value[1]) })}
      openNotes={mayNote ? (curve, index) => setNoting({ notes: notesOf(curve, index), day: curve.labels[index]?.slice(0, 10) ?? '' }) : undefined}
      tools={
        <>
          {mayNote ? <NoteButton add={add} /> : null}
          <BucketPicker />
        </>
      }
    >
      {noting ? <Lazy load={notesDialog} with={{ ...noting, close: () => setNoting(undefined) }} /> : null}
    </TimeGraph>
  );
}

const NoteButton = ({ add }: { add: () => void }) => (
  <button type="button" class="icon" aria-label={tt().addNote} title={tt().addNoteHow} onClick={add}>
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d="M4 14V2.5h7.5L9.5 5.5l2 3H4" />
    </svg>
  </button>
);

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
