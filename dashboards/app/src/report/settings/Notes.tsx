/** Notes on the time line: what happened on a day. */
import { useState } from 'preact/hooks';
import { remove, send } from '../../api/request.ts';
import type { Annotation, Annotations } from '../../api/schema.ts';
import { title as dateOf } from '../../format/date.ts';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { siteId, today } from '../../state/store.ts';
import { Failed, Field } from './Field.tsx';
import { Kept, type KeptItem } from './Kept.tsx';
import { Question } from './Question.tsx';
import { useSending } from './sending.ts';
import { st } from './text.ts';

const pathOf = (site: string, id = '') => `/api/v1/annotations${id && `/${encodeURIComponent(id)}`}?site=${encodeURIComponent(site)}`;

export function Notes() {
  const site = siteId.value;
  const asked = useRead<Annotations>(pathOf(site));
  const [leaving, setLeaving] = useState<Annotation>();
  const newest = (notes: readonly Annotation[]) => notes.toSorted((a, b) => b.day.localeCompare(a.day));
  return (
    <Card name="notes" title={st().notes}>
      <p class="note">{st().notesNote}</p>
      <Loaded of={asked} skeleton={<SkeletonRows rows={2} />}>
        {({ annotations }) => <Kept label={st().notes} empty={st().noNotes} items={newest(annotations).map((note) => itemOf(note, setLeaving))} />}
      </Loaded>
      <NewNote site={site} />
      {leaving ? (
        <Question
          title={st().removeNoteTitle}
          what={leaving.text}
          action={st().remove}
          run={() => remove(pathOf(site, leaving.id))}
          close={() => setLeaving(undefined)}
        />
      ) : null}
    </Card>
  );
}

const itemOf = (note: Annotation, leave: (note: Annotation) => void): KeptItem => ({
  id: note.id,
  title: note.text,
  note: dateOf('day', note.day),
  act: { words: st().remove, label: st().removeNote(note.text), run: () => leave(note) },
});

function NewNote({ site }: { site: string }) {
  const [day, setDay] = useState(() => today.peek());
  const [text, setText] = useState('');
  const { busy, said, run } = useSending();
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await run(() => send('POST', pathOf(site), { day, text: text.trim() }))) setText('');
  };
  return (
    <form onSubmit={save}>
      <div class="pair">
        <Field label={st().day}>{(tied) => <input {...tied} type="date" required value={day} onInput={(event) => setDay(event.currentTarget.value)} />}</Field>
        <Field label={st().text}>
          {(tied) => <input {...tied} required maxLength={200} placeholder={st().textHint} value={text} onInput={(event) => setText(event.currentTarget.value)} />}
        </Field>
      </div>
      <Failed words={said} />
      <div class="acts">
        <button type="submit" class="primary" disabled={busy}>
          {st().addNote}
        </button>
      </div>
    </form>
  );
}
