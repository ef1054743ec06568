/** A secret, the only time it is shown: whoever made it is led to it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { st } from './text.ts';

export function Once({ name, children }: { name: string; children: ComponentChildren }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section class="once" aria-label={`${name}. ${st().once}`} tabIndex={-1} ref={box}>
      <p>
        <strong>{name}</strong> {st().once}
      </p>
      {children}
    </section>
  );
}
