/** A note on the time line: a new one, or one that is there. */
import { useState } from 'preact/hooks';
import { remove, send } from '../../api/request.ts';
import type { Annotation } from '../../api/schema.ts';
import { siteId } from '../../state/store.ts';
import { Failed, Field } from '../form/Field.tsx';
import { useSending } from '../form/sending.ts';
import { nt } from './text.ts';

interface Props {
  /** Absent: a new one. */
  note?: Annotation | undefined;
  /** Of a new one. */
  day: string;
  done?: () => void;
}

export const notePath = (site: string, id = ''): string =>
  `/api/v1/annotations${id && `/${encodeURIComponent(id)}`}?site=${encodeURIComponent(site)}`;

export function NoteForm({ note, day: suggested, done }: Props) {
  const [day, setDay] = useState(note?.day ?? suggested);
  const [text, setText] = useState(note?.text ?? '');
  const { busy, said, run } = useSending();
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const path = notePath(siteId.peek(), note?.id);
    if (!(await run(() => send(note ? 'PATCH' : 'POST', path, { day, text: text.trim() })))) return;
    setText('');
    done?.();
  };
  const drop = async () => {
    if (note && (await run(() => remove(notePath(siteId.peek(), note.id))))) done?.();
  };
  return (
    <form class="form" onSubmit={save}>
      <div class="pair">
        <Field label={nt().day}>{(tied) => <input {...tied} type="date" required value={day} onInput={(event) => setDay(event.currentTarget.value)} />}</Field>
        <Field label={nt().text}>
          {(tied) => <input {...tied} required maxLength={200} autofocus={done !== undefined && !note} placeholder={nt().textHint} value={text} onInput={(event) => setText(event.currentTarget.value)} />}
        </Field>
      </div>
      <Failed words={said} />
      <div class="acts">
        {note ? (
          <button type="button" class="plain danger apart" aria-label={nt().removeOne(note.text)} disabled={busy} onClick={drop}>
            {nt().remove}
          </button>
        ) : null}
        <button type="submit" class="primary" disabled={busy}>
          {note ? nt().save : nt().add}
        </button>
      </div>
    </form>
  );
}
