/** Rows with a bar behind the name: the length compares, the numbers tell. */
import type { Tab } from '../data/panels.ts';
import type { Row } from '../data/reports.ts';
import { nameFor } from '../format/names.ts';
import { exact, percent, short } from '../format/number.ts';
import * as store from '../state/store.ts';
import { locale } from './locale.ts';

interface Props {
  rows: Row[];
  tab: Tab;
  labels: [string, string];
  stale: boolean;
  long: boolean;
}

export function BarTable({ rows, tab, labels, stale, long }: Props) {
  const top = Math.max(1, ...rows.map((row) => row.numbers[0]));
  return (
    <div class={long ? 'scroll' : ''} {...(long ? { tabIndex: 0, role: 'region', 'aria-label': tab.label } : {})}>
      <table class={stale ? 'bars stale' : 'bars'} aria-busy={stale}>
        <caption class="visually-hidden">{tab.label}</caption>
        <thead>
          <tr>
            <th scope="col" class="name">
              <span class="visually-hidden">{tab.label}</span>
            </th>
            <th scope="col">{labels[0]}</th>
            <th scope="col">{labels[1]}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <BarRow key={row.value} row={row} tab={tab} share={row.numbers[0] / top} first={labels[0]} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function BarRow({ row, tab, share, first }: { row: Row; tab: Tab; share: number; first: string }) {
  const name = nameFor(tab.kind, row.value, locale);
  const all = store.totals.state.value.data;
  const part = first === 'Visitors' && all ? percent(row.numbers[0], all.visitors, locale) : '';
  return (
    <tr>
      <th scope="row" class="name">
        {/* An inline width set through the style object is CSSOM, which the content security policy allows. */}
        <span class="bar" style={{ width: `${Math.max(0.5, share * 100)}%` }} />
        <span class={name.note ? 'text folded' : 'text'} title={name.note ?? name.text}>
          {name.text}
          {name.code ? <abbr>{name.code}</abbr> : null}
        </span>
      </th>
      <td title={exact(row.numbers[0], locale) + (part && ` · ${part}`)}>{short(row.numbers[0], locale)}</td>
      <td class="second" title={exact(row.numbers[1], locale)}>
        {short(row.numbers[1], locale)}
      </td>
    </tr>
  );
}
