/** The states of something asked: on its way, failed, there, and there but of the question before. */
import type { ComponentChildren } from 'preact';
import type { Asked } from '../state/ask.ts';
import { Problem } from './Problem.tsx';

interface Props<T> {
  of: Asked<T>;
  /** Takes the room that the answer will take. */
  skeleton: ComponentChildren;
  children: (data: T) => ComponentChildren;
}

export function Loaded<T>({ of: asked, skeleton, children }: Props<T>) {
  const { data, stale, error, again } = asked;
  if (error) return <Problem error={error} again={again} />;
  if (data === undefined) return <div class="loading" aria-busy="true">{skeleton}</div>;
  return (
    <div class={stale ? 'loaded stale' : 'loaded'} aria-busy={stale}>
      {children(data)}
    </div>
  );
}
