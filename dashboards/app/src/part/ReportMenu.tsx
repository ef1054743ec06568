/** What one can take away from a card: its table, its picture, the question behind it. */
import { useState } from 'preact/hooks';
import type { Question } from '../api/query.ts';
import { days, isGuest, siteId } from '../state/store.ts';
import { t } from '../text/words.ts';
import { filterText, periodText } from './about.ts';
import { copy, Snippet } from './CopyButton.tsx';
import { Dialog } from './Dialog.tsx';
import { saveCsv, type Sheet } from './download.ts';
import { Menu, type Item } from './Menu.tsx';
import { Popover } from './Popover.tsx';

/** A request of the API: a query, or a path that is read. */
export type Call = Question | string;

interface Props {
  title: string;
  sheet?: (() => Sheet) | undefined;
  /** Where the picture is: a canvas or an SVG below this element. */
  picture?: (() => HTMLCanvasElement | SVGSVGElement | null | undefined) | undefined;
  call?: Call | undefined;
}

/** With a key, or, for readers of a shared page, with their link. */
export function curlOf(call: Call): string {
  const key = isGuest.peek() ? '-H "Headcount-Share: $HEADCOUNT_SHARE"' : '-H "Authorization: Bearer $HEADCOUNT_KEY"';
  if (typeof call === 'string') return `curl ${key} '${location.origin}${call}'`;
  const body = JSON.stringify(call).replaceAll("'", "'\\''");
  return `curl ${key} -H 'Content-Type: application/json' \\\n  '${location.origin}/api/v2/query' \\\n  -d '${body}'`;
}

/** The picture there is, else the table as one. */
async function savePng(name: string, { title, sheet, picture }: Props): Promise<void> {
  const { savePicture, saveTable } = await import('./picture.ts');
  const about = filterText();
  const caption = { title: `${siteId.peek()} · ${title}`, lines: [periodText(), ...(about ? [about] : [])] };
  const shown = picture?.();
  if (shown) await savePicture(shown, name, caption);
  else if (sheet) await saveTable(sheet(), name, caption);
}

export function ReportMenu({ title, sheet, picture, call }: Props) {
  const [said, setSaid] = useState('');
  // Shown where the browser lends no clipboard.
  const [uncopied, setUncopied] = useState('');
  const name = `${siteId.value} ${title} ${days.value.join(' ')}`.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-');
  const items: Item[] = [];
  if (sheet) items.push({ id: 'csv', label: t().csv, run: () => saveCsv(sheet(), name) });
  if (picture || sheet) items.push({ id: 'png', label: t().png, run: () => void savePng(name, { title, sheet, picture }) });
  if (call) {
    const run = async () => {
      const text = curlOf(call);
      if (await copy(text)) setSaid(t().copied);
      else setUncopied(text);
    };
    items.push({ id: 'api', label: t().copyCall, run });
  }
  const dots = (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path class="dots" d="M3 8h.01M8 8h.01M13 8h.01" />
    </svg>
  );
  return (
    <>
      <span class="said" role="status">
        {said}
      </span>
      <Popover label={t().menuOf(title)} look="icon" button={dots}>
        {(close) => (
          <Menu
            label={t().menuOf(title)}
            items={items}
            close={() => {
              setSaid('');
              close();
            }}
          />
        )}
      </Popover>
      {uncopied ? (
        <Dialog title={t().copyCall} close={() => setUncopied('')}>
          <Snippet text={uncopied} />
        </Dialog>
      ) : null}
    </>
  );
}
