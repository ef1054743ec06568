/** Tabs over a part of a card; arrow keys move between them. */
import type { TargetedKeyboardEvent } from 'preact';

export interface Tab {
  id: string;
  label: string;
}

interface Props {
  /** Unique on the page; the part below has the id `NAME-body`. */
  name: string;
  label: string;
  tabs: readonly Tab[];
  chosen: string;
  choose: (id: string) => void;
}

export function Tabs({ name, label, tabs, chosen, choose }: Props) {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === chosen);
    const next = tabs.at((at + step) % tabs.length);
    if (!next) return;
    choose(next.id);
    event.currentTarget.querySelector<HTMLElement>(`#${name}-${next.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${name}-${tab.id}`}
          aria-selected={tab.id === chosen}
          aria-controls={`${name}-body`}
          tabIndex={tab.id === chosen ? 0 : -1}
          onClick={() => choose(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}

/** What a tab shows. */
export const panelOf = (name: string, chosen: string) =>
  ({ role: 'tabpanel', id: `${name}-body`, 'aria-labelledby': `${name}-${chosen}` }) as const;
