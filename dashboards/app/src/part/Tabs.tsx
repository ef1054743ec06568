/** Tabs over a part of a card; arrow keys move between them. */
import type { TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

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

/** The tab an arrow key went to. The card it stands in may be made anew for it, with another list of tabs. */
let followed = '';

/** What the fade at the edge needs, in pixels. */
const MARGIN = 32;

export function Tabs({ name, label, tabs, chosen, choose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  // Not all of them may have room. `scrollIntoView` would move the page as well.
  useLayoutEffect(() => {
    const room = list.current?.getBoundingClientRect();
    const tab = list.current?.querySelector('[aria-selected="true"]')?.getBoundingClientRect();
    if (!room || !tab) return;
    if (followed === `${name}-${chosen}`) list.current?.querySelector<HTMLElement>(`#${followed}`)?.focus({ preventScroll: true });
    followed = '';
    list.current?.scrollBy(Math.max(0, tab.right + MARGIN - room.right) + Math.min(0, tab.left - room.left), 0);
  }, [chosen]);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === chosen);
    const next = tabs.at((at + step) % tabs.length);
    if (!next) return;
    followed = `${name}-${next.id}`;
    choose(next.id);
  };
  return (
    <div class="tabs" ref={list} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
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
