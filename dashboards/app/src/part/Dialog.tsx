/** A window over the page: the browser's own, which keeps the focus inside and closes by Escape. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../text/words.ts';

interface Props {
  title: string;
  close: () => void;
  children: ComponentChildren;
  /** For tables. */
  wide?: boolean;
  /** The title is for those who do not see the rest. */
  quiet?: boolean;
}

export function Dialog({ title, close, children, wide, quiet }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const pressed = useRef<EventTarget | null>(null);
  useEffect(() => {
    const from = document.activeElement;
    element.current?.showModal();
    return () => from instanceof HTMLElement && from.focus();
  }, []);
  return (
    <dialog
      ref={element}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-label={title}
      onClose={close}
      // A click on the backdrop arrives at the dialog itself; so does one that began inside, as when text is selected.
      onPointerDown={(event) => void (pressed.current = event.target)}
      onClick={(event) => event.target === element.current && pressed.current === element.current && element.current?.close()}
    >
      <div class="dialog-body">
        {quiet ? null : (
          <header class="dialog-head">
            <h2>{title}</h2>
            <button type="button" class="icon" aria-label={t().close} onClick={() => element.current?.close()}>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />
              </svg>
            </button>
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
