/** Notes on the time line: what happened on a day. */
import { useState } from 'preact/hooks';
import { remove } from '../../api/request.ts';
import type { Annotation, Annotations } from '../../api/schema.ts';
import { title as dateOf } from '../../format/date.ts';
import { Card } from '../../part/Card.tsx';
import { Question } from '../../part/form/Question.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { NoteForm, notePath } from '../../part/notes/NoteForm.tsx';
import { NotesDialog } from '../../part/notes/NotesDialog.tsx';
import { nt } from '../../part/notes/text.ts';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { siteId, today } from '../../state/store.ts';
import { Kept, type KeptItem } from './Kept.tsx';

export function Notes() {
  const site = siteId.value;
  const asked = useRead<Annotations>(notePath(site));
  const [leaving, setLeaving] = useState<Annotation>();
  const [changing, setChanging] = useState<Annotation>();
  const itemOf = (note: Annotation): KeptItem => ({
    id: note.id,
    title: note.text,
    note: dateOf('day', note.day),
    acts: [
      { words: nt().edit, label: nt().editOne(note.text), run: () => setChanging(note) },
      { words: nt().remove, label: nt().removeOne(note.text), run: () => setLeaving(note) },
    ],
  });
  const newest = (notes: readonly Annotation[]) => notes.toSorted((a, b) => b.day.localeCompare(a.day));
  return (
    <Card name="notes" title={nt().title}>
      <p class="note">{nt().about}</p>
      <Loaded of={asked} skeleton={<SkeletonRows rows={2} />}>
        {({ annotations }) => <Kept label={nt().title} empty={nt().none} items={newest(annotations).map(itemOf)} />}
      </Loaded>
      <NoteForm day={today.peek()} />
      {changing ? <NotesDialog notes={[changing]} day={changing.day} close={() => setChanging(undefined)} /> : null}
      {leaving ? (
        <Question
          title={nt().removeTitle}
          what={leaving.text}
          action={nt().remove}
          run={() => remove(notePath(site, leaving.id))}
          close={() => setLeaving(undefined)}
        />
      ) : null}
    </Card>
  );
}
