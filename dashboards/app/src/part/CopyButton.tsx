/** Copies a text and says so. */
import { useState } from 'preact/hooks';
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

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const onClick = async () => {
    if (!(await copy(text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <button type="button" class="plain copy" onClick={onClick}>
      <span aria-live="polite">{copied ? t().copied : (label ?? t().copy)}</span>
    </button>
  );
}

/** Lines to paste somewhere, selected by one click, with a button that copies them. */
export const Snippet = ({ text }: { text: string }) => (
  <div class="snippet">
    <pre>
      <code>{text}</code>
    </pre>
    <CopyButton text={text} />
  </div>
);
