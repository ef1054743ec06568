/** Rows with a bar behind the name: the length compares, the numbers tell. */
import { COLUMN_LABELS, type Panel, type Tab } from '../data/panels.ts';
import type { Row } from '../data/reports.ts';
import { nameFor } from '../format/names.ts';
import { exact, percent, short } from '../format/number.ts';
import * as store from '../state/store.ts';
import { locale } from './locale.ts';

interface Props {
  rows: Row[];
  panel: Panel;
  tab: Tab;
  stale: boolean;
  long: boolean;
}

export function BarTable({ rows, panel, tab, stale, long }: Props) {
  const top = Math.max(1, ...rows.map((row) => row.numbers[0] ?? 0));
  return (
    <div class={long ? 'scroll' : ''} {...(long ? { tabIndex: 0, role: 'region', 'aria-label': tab.label } : {})}>
      <table class={stale ? 'bars stale' : 'bars'} aria-busy={stale}>
        <caption class="visually-hidden">{tab.label}</caption>
        <thead>
          <tr>
            <th scope="col" class="name">
              <span class="visually-hidden">{tab.label}</span>
            </th>
            {panel.columns.map((column) => (
              <th key={column} scope="col">
                {COLUMN_LABELS[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <BarRow key={row.value} row={row} panel={panel} tab={tab} top={top} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BarRow({ row, panel, tab, top }: { row: Row; panel: Panel; tab: Tab; top: number }) {
  const name = nameFor(tab.kind, row.value, locale);
  const [first = 0, second = 0] = row.numbers;
  const all = store.totals.state.value.data?.visitors ?? 0;
  const isShare = panel.columns[1] === 'share';
  return (
    <tr>
      <th scope="row" class="name">
        {/* A width set through the style object is CSSOM, which the content security policy allows. */}
        <span class="fill" style={{ width: `${Math.max(0.5, (first / top) * 100)}%` }} />
        <span class={name.folded ? 'text folded' : 'text'} title={name.note ?? name.text}>
          {name.text}
          {name.code ? <abbr>{name.code}</abbr> : null}
        </span>
      </th>
      <td title={exact(first, locale)}>{short(first, locale)}</td>
      <td class="second" title={isShare ? '' : exact(second, locale)}>
        {isShare ? percent(first, all, locale) : short(second, locale)}
      </td>
    </tr>
  );
}
