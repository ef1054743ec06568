/** Copies a text and says so; where the browser lends no clipboard, selects it and says that. */
import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { t } from '../text/words.ts';

/** Whether it worked: the clipboard is absent on plain http other than this machine. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** How long the button says what happened. */
const SAID_MS = { copied: 2_000, selected: 6_000 };

interface Props {
  text: string;
  /** Where the text stands on the page, to be selected there. */
  shown: RefObject<HTMLElement | null>;
}

function CopyButton({ text, shown }: Props) {
  const [said, setSaid] = useState<keyof typeof SAID_MS>();
  const onClick = async () => {
    const done = (await copy(text)) ? 'copied' : 'selected';
    if (done === 'selected' && shown.current) getSelection()?.selectAllChildren(shown.current);
    setSaid(done);
    setTimeout(() => setSaid(undefined), SAID_MS[done]);
  };
  return (
    <button type="button" class="plain copy" onClick={onClick}>
      <span aria-live="polite">{said ? t()[said] : t().copy}</span>
    </button>
  );
}

/** Lines to paste somewhere, selected by one click, with a button that copies them. */
export function Snippet({ text }: { text: string }) {
  const shown = useRef<HTMLElement>(null);
  return (
    <div class="snippet">
      <pre>
        <code ref={shown}>{text}</code>
      </pre>
      <CopyButton text={text} shown={shown} />
    </div>
  );
}
