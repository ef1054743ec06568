/** The notes of a point on the curve, to be changed; or a new one for its day. Loaded when it is asked for. */
import type { Annotation } from '../../api/schema.ts';
import { Dialog } from '../Dialog.tsx';
import { NoteForm } from './NoteForm.tsx';
import { nt } from './text.ts';

interface Props {
  /** None: a new one. */
  notes: readonly Annotation[];
  day: string;
  close: () => void;
}

export const NotesDialog = ({ notes, day, close }: Props) => (
  <Dialog title={notes.length > 0 ? nt().editTitle : nt().add} close={close}>
    {notes.length > 0 ? (
      notes.map((note) => <NoteForm key={note.id} note={note} day={day} done={close} />)
    ) : (
      <NoteForm day={day} done={close} />
    )}
  </Dialog>
);
