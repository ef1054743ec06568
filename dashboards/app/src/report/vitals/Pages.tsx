/** The p75 of every vital of every page, in the colour of how good it is: which page to look at first. */
import { useState } from 'preact/hooks';
import type { VitalPage } from '../../api/schema.ts';
import { nameFor } from '../../format/names.ts';
import { plain } from '../../format/number.ts';
import { Card } from '../../part/Card.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { isValue } from '../../part/table.ts';
import * as store from '../../state/store.ts';
import { dimensionName, t, w } from '../../text/words.ts';
import { rowOf } from './Days.tsx';
import { reportsOf, sortedPages } from './worst.ts';
import { NAMES, ratingOf, vitalValue, type VitalName } from './rating.ts';
import { vt } from './text.ts';

/** Rows before "show all". */
const ROWS = 15;

interface Props {
  pages: readonly VitalPage[];
  /** Pairs of page and value that are not shown. */
  folded: number;
  call: string | undefined;
}

export function Pages({ pages, folded, call }: Props) {
  const [all, setAll] = useState(false);
  const by = NAMES.find((name) => name === store.view.value.own['worst']);
  const sorted = sortedPages(pages, by);
  const rows = all ? sorted : sorted.slice(0, ROWS);
  const sheet = () => ({
    columns: ['page', 'samples', ...NAMES.map((name) => `${name} p75`)],
    rows: sorted.map((page) => [page.page, reportsOf(page), ...NAMES.map((name) => rowOf(page, name)?.p75 ?? '')]),
  });
  const menu = <ReportMenu title={vt().pages} sheet={sheet} call={call} />;
  return (
    <Card name="vital-pages" title={vt().pages} look="vital-pages" tools={pages.length > 0 ? menu : null}>
      {pages.length === 0 ? <p class="empty">{vt().noPages}</p> : <Table rows={rows} by={by} />}
      {sorted.length > rows.length ? (
        <button type="button" class="plain more" onClick={() => setAll(true)}>
          {vt().allPages(plain(sorted.length))}
        </button>
      ) : null}
      {folded > 0 ? <p class="note">{vt().foldedPages}</p> : null}
    </Card>
  );
}

function Table({ rows, by }: { rows: readonly VitalPage[]; by: VitalName | undefined }) {
  const head = (name: VitalName | undefined, text: string, title: string) => (
    <th scope="col" title={title} aria-sort={by === name ? 'descending' : 'none'}>
      <button type="button" class="sort" aria-label={t().sortBy(text)} onClick={() => store.setOwn('worst', name ?? '')}>
        {text}
      </button>
    </th>
  );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={vt().pagesTable}>
      <table class="plain-table">
        <caption class="visually-hidden">{vt().pages}</caption>
        <thead>
          <tr>
            <th scope="col">{dimensionName('event:page')}</th>
            {head(undefined, w().measures.pageviews, vt().pagesMeaning)}
            {NAMES.map((name) => head(name, name, vt().names[name] ?? name))}
          </tr>
        </thead>
        <tbody>
          {rows.map((page) => (
            <Row key={page.page} page={page} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ page }: { page: VitalPage }) {
  const name = nameFor('event:page', page.page);
  return (
    <tr>
      <th scope="row" title={name.note ?? name.text}>
        {isValue(page.page) ? (
          <button type="button" class="link" onClick={() => store.pick('event:page', page.page)}>
            {name.text}
          </button>
        ) : (
          name.text
        )}
      </th>
      <td>{plain(reportsOf(page))}</td>
      {NAMES.map((one) => {
        const row = rowOf(page, one);
        if (!row) return <td key={one}>–</td>;
        const rating = ratingOf(one, row.p75);
        return (
          <td key={one} class={`rated is-${rating}`} title={`${vt().ratings[rating]}, ${vt().samples(row.samples)}`}>
            {vitalValue(one, row.p75)}
            <span class="visually-hidden"> {vt().ratings[rating]}</span>
          </td>
        );
      })}
    </tr>
  );
}
