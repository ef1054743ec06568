/** A titled box on the page: the frame of every list, curve and picture. */
import type { ComponentChildren } from 'preact';

interface Props {
  title: string;
  /** In place of the title, which then is only read aloud. */
  head?: ComponentChildren;
  /** At the end of the head: menus. */
  tools?: ComponentChildren;
  /** Name of the part, for tests and styles. */
  name?: string;
  look?: string;
  children: ComponentChildren;
}

export const Card = ({ title, head, tools, name, look = '', children }: Props) => (
  <section class={`card panel ${look}`} aria-label={title} {...(name && { 'data-panel': name })}>
    <header class="panel-head">
      <h2 class={head ? 'visually-hidden' : ''}>{title}</h2>
      {head}
      {tools ? <div class="tools">{tools}</div> : null}
    </header>
    {children}
  </section>
);
