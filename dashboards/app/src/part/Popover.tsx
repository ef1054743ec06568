/** Something that opens below its button and closes by Escape, by a click elsewhere, or when the focus leaves. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Props {
  /** What the button is called, where its content does not say it. */
  label: string;
  button: ComponentChildren;
  /** Class of the button. */
  look?: string;
  title?: string;
  /** Changes when something else opens it. */
  opened?: number;
  children: (close: () => void) => ComponentChildren;
}

export function Popover({ label, button, look = 'plain', title, opened = 0, children }: Props) {
  const [open, setOpen] = useState(false);
  const wrapper = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (opened > 0) setOpen(true);
  }, [opened]);
  useEffect(() => {
    if (!open) return;
    const box = wrapper.current;
    box?.querySelector<HTMLElement>('[aria-checked="true"], .popover button, .popover a, .popover input, .popover select')?.focus();
    const away = (event: Event) => {
      if (!box?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);

  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const items = [...(wrapper.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (!step || at < 0) return;
    event.preventDefault();
    items.at((at + step) % items.length)?.focus();
  };
  return (
    <div class="pop" ref={wrapper} onKeyDown={onKeyDown}>
      <button
        type="button"
        class={look}
        ref={opener}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={label}
        title={title}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open ? (
        <div class="popover" role="dialog" aria-label={label}>
          {children(close)}
        </div>
      ) : null}
    </div>
  );
}
