/** The date menu: presets, and any two dates. */
import type { TargetedKeyboardEvent, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { span } from '../format/date.ts';
import { customDays, PRESETS, type Range } from '../state/range.ts';
import * as store from '../state/store.ts';
import { locale } from './locale.ts';

export function RangePicker() {
  const [open, setOpen] = useState(false);
  const wrapper = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { range } = store.view.value;

  useEffect(() => {
    if (!open) return;
    wrapper.current?.querySelector<HTMLElement>('[aria-checked="true"], [role="menuitemradio"]')?.focus();
    const away = (event: Event) => {
      if (!wrapper.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);

  const choose = (next: Range) => {
    setOpen(false);
    button.current?.focus();
    store.go({ range: next });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    setOpen(false);
    button.current?.focus();
  };
  const preset = PRESETS.find(({ id }) => id === range);
  const days = span(store.days.value, locale);

  return (
    <div class="range" ref={wrapper} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="plain"
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={open}
        title={days}
        onClick={() => setOpen(!open)}
      >
        <span class="visually-hidden">Period: </span>
        {preset?.label ?? days}
      </button>
      {open ? (
        <div class="menu" role="dialog" aria-label="Period">
          <Presets range={range} choose={choose} />
          <Custom choose={choose} />
        </div>
      ) : null}
    </div>
  );
}

function Presets({ range, choose }: { range: Range; choose: (range: Range) => void }) {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLUListElement>) => {
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitemradio"]')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const index = items.indexOf(document.activeElement as HTMLElement);
    items.at((index + step) % items.length)?.focus();
  };
  return (
    <ul role="menu" aria-label="Periods" onKeyDown={onKeyDown}>
      {PRESETS.map(({ id, label }) => (
        <li key={id} role="none">
          <button type="button" role="menuitemradio" aria-checked={id === range} onClick={() => choose(id)}>
            {label}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Custom({ choose }: { choose: (range: Range) => void }) {
  const [from, to] = store.days.value;
  const [wrong, setWrong] = useState(false);
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const range = `${String(data.get('from'))}..${String(data.get('to'))}`;
    if (customDays(range)) choose(range);
    else setWrong(true);
  };
  return (
    <form class="custom" onSubmit={onSubmit}>
      <label>
        From
        <input type="date" name="from" required defaultValue={from} />
      </label>
      <label>
        To
        <input type="date" name="to" required defaultValue={to} />
      </label>
      {wrong ? <p role="alert">The first day must not be after the last one.</p> : null}
      <button class="primary">Show</button>
    </form>
  );
}
