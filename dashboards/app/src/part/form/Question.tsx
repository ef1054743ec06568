/** Asks before something is gone for good. */
import { useState } from 'preact/hooks';
import { Dialog } from '../Dialog.tsx';
import { t } from '../../text/words.ts';
import { Acts } from './Acts.tsx';
import { Failed, Field } from './Field.tsx';
import { useSending } from './sending.ts';

interface Props {
  title: string;
  what: string;
  /** What the button says. */
  action: string;
  run: () => Promise<unknown>;
  close: () => void;
  /** What the other button says. */
  keep?: string;
  /** What has to be typed first. */
  typed?: { label: string; text: string };
}

export function Question({ title, what, action, run, close, typed, keep }: Props) {
  const sending = useSending();
  const [text, setText] = useState('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await sending.run(run)) close();
  };
  return (
    <Dialog title={title} close={close}>
      <form class="form" onSubmit={submit}>
        <p>{what}</p>
        {typed ? (
          <Field label={typed.label}>
            {(tied) => <input {...tied} autocomplete="off" autocapitalize="none" spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />}
          </Field>
        ) : null}
        <Failed words={sending.said} />
        <Acts action={action} close={close} busy={sending.busy || (typed !== undefined && text !== typed.text)} keep={keep ?? t().keep} danger />
      </form>
    </Dialog>
  );
}
