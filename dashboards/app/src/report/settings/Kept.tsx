/** A list of what a site has, each with a button that takes it away. */
import type { ComponentChildren } from 'preact';

export interface KeptItem {
  id: string;
  title: string;
  note: string;
  /** Absent when nothing can be done with it any more. */
  act?: { words: string; label: string; run: () => void };
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
      {items.map(({ id, title, note, act }) => (
        <li key={id}>
          <span class="what">
            {title}
            <span class="note">{note}</span>
          </span>
          {act ? (
            <button type="button" class="plain" aria-label={act.label} onClick={act.run}>
              {act.words}
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
