/** A list of what a site has, each with what can be done with it. */
import type { ComponentChildren } from 'preact';

export interface KeptItem {
  id: string;
  title: string;
  note: string;
  /** None when nothing can be done with it any more. */
  acts: readonly { words: string; label: string; run: () => void }[];
}

interface Props {
  label: string;
  items: readonly KeptItem[];
  empty: ComponentChildren;
}

export function Kept({ label, items, empty }: Props) {
  if (items.length === 0) return <p class="note">{empty}</p>;
  return (
    <ul class="kept" aria-label={label}>
      {items.map(({ id, title, note, acts }) => (
        <li key={id}>
          <span class="what">
            {title}
            <span class="note">{note}</span>
          </span>
          {acts.map(({ words, label, run }) => (
            <button key={words} type="button" class="plain" aria-label={label} onClick={run}>
              {words}
            </button>
          ))}
        </li>
      ))}
    </ul>
  );
}
