/** Keyboard shortcuts: single keys, off while somebody types. The list of `?` is made from what is bound. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export interface Shortcut {
  /** As `KeyboardEvent.key` says it, letters in lower case. */
  key: string;
  label: string;
  run(): void;
}

export const shortcuts = signal<readonly Shortcut[]>([]);

/** Binds keys while the component is shown. */
export function useShortcuts(bound: readonly Shortcut[]): void {
  useEffect(() => {
    shortcuts.value = [...shortcuts.peek(), ...bound];
    return () => void (shortcuts.value = shortcuts.peek().filter((one) => !bound.includes(one)));
  }, [bound]);
}

const TYPING = 'input, textarea, select, [contenteditable], [role="menu"], [role="tablist"], [role="listbox"]';

/** Arrows first scroll what is wider than its place. */
function scrolls(key: string, target: Element | undefined): boolean {
  const wide = key.startsWith('Arrow') ? target?.closest('.scroll') : undefined;
  return wide != null && wide.scrollWidth > wide.clientWidth;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : undefined;
  if (target?.closest(TYPING) || document.querySelector('dialog[open]')) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (scrolls(key, target)) return;
  const found = shortcuts.peek().findLast((one) => one.key === key);
  if (!found) return;
  event.preventDefault();
  found.run();
}

export const listen = (): void => document.addEventListener('keydown', onKeyDown);
