/** A link within the dashboard: a plain click changes the view, any other does what links do. */
import type { ComponentChildren } from 'preact';
import type { View } from '../state/address.ts';
import { go, hrefOf } from '../state/store.ts';

interface Props {
  to: Partial<View>;
  /** Set on links of a navigation. */
  current?: boolean;
  look?: string;
  children: ComponentChildren;
}

export function Link({ to, current, look, children }: Props) {
  const onClick = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
    scrollTo(0, 0);
  };
  return (
    <a href={hrefOf(to)} onClick={onClick} class={look} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}
