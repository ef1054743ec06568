/** A labelled field with what it means and what is wrong with it. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import './form.css';

/** What ties the control to its words. */
export interface Tied {
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

interface Props {
  label: string;
  note?: string | undefined;
  wrong?: string | undefined;
  children: (tied: Tied) => ComponentChildren;
}

export function Field({ label, note, wrong, children }: Props) {
  const id = useId();
  const words = [note && `${id}-note`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  return (
    <div class="field-box">
      <label class="field">
        <span>{label}</span>
        {children({ ...(words && { 'aria-describedby': words }), ...(wrong && { 'aria-invalid': true }) })}
      </label>
      {wrong ? (
        <p class="wrong" id={`${id}-wrong`} role="alert">
          {wrong}
        </p>
      ) : null}
      {note ? (
        <p class="note" id={`${id}-note`}>
          {note}
        </p>
      ) : null}
    </div>
  );
}

/** What a form has to say when it was refused. */
export const Failed = ({ words }: { words: string }) =>
  words ? (
    <p class="failed" role="alert">
      {words}
    </p>
  ) : null;
