/** A report without numbers: why, and how to send what it shows. */
import type { ComponentChildren } from 'preact';
import { Snippet } from './CopyButton.tsx';

interface Props {
  title: string;
  children: ComponentChildren;
  /** What to paste to get numbers. */
  snippet?: string;
}

export const EmptyState = ({ title, children, snippet }: Props) => (
  <section class="card empty-state">
    <h2>{title}</h2>
    {children}
    {snippet ? <Snippet text={snippet} /> : null}
  </section>
);
