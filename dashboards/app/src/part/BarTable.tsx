/** Rows with a bar behind the name: the length compares, the numbers tell, a click filters. */
import type { Measure } from '../api/query.ts';
import { nameFor } from '../format/names.ts';
import { exactly, measured } from '../format/number.ts';
import { canFilter } from '../state/filter.ts';
import { filter, pick } from '../state/store.ts';
import { dimensionName, t, w } from '../text/words.ts';
import { Breakable } from './Breakable.tsx';
import { isRest, isValue, type Row } from './table.ts';

interface Props {
  rows: Row[];
  dimension: string;
  /** What a row is; the name of the dimension unless said. */
  column?: string | undefined;
  /** One per number of a row; the first draws the bars. */
  measures: readonly Measure[];
  currency?: string | undefined;
  /** Visitors of what is left over are no more than this: groups that were folded share visitors. */
  bounded?: boolean;
  /** What a click on a value does; filtering, where that is possible, unless said. `false`: nothing. */
  choose?: ((value: string) => void) | false | undefined;
  /** Heads that can be clicked to sort. */
  sort?: { by: Measure; direction: 'asc' | 'desc'; change: (by: Measure) => void } | undefined;
}

/** What is no more than told. */
const BOUNDED = new Set<Measure>(['visitors', 'percentage', 'conversion_rate']);

export function BarTable({ rows, dimension, column, measures, currency, bounded, choose, sort }: Props) {
  // What is left over is no value to compare the others with.
  const compared = rows.filter(({ value }) => !isRest(value));
  const top = Math.max(...(compared.length > 0 ? compared : rows).map(({ numbers }) => numbers[0] ?? 0), Number.MIN_VALUE);
  const label = column ?? dimensionName(dimension);
  const picking = canFilter(dimension) ? (value: string) => pick(dimension, value) : undefined;
  const onPick = choose === false ? undefined : (choose ?? picking);
  return (
    <table class="bars">
      <caption class="visually-hidden">{label}</caption>
      <thead>
        <tr>
          <th scope="col" class="name">
            {label}
          </th>
          {measures.map((measure) => (
            <Head key={measure} measure={measure} sort={sort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.value}>
            <NameCell row={row} dimension={dimension} width={Math.min(100, (100 * (row.numbers[0] ?? 0)) / top)} onPick={onPick} />
            {measures.map((measure, i) => (
              <td key={measure} class={i > 0 ? 'second' : ''} title={exactly(measure, row.numbers[i] ?? 0, currency)}>
                {bounded && isRest(row.value) && BOUNDED.has(measure) ? '≤\u2009' : ''}
                {measured(measure, row.numbers[i] ?? 0, currency)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Head({ measure, sort }: { measure: Measure; sort: Props['sort'] }) {
  const text = w().measures[measure];
  const meaning = w().meanings[measure];
  if (!sort) {
    const short: Partial<Record<Measure, string>> = w().columns;
    return (
      <th scope="col" title={`${text}: ${meaning}`}>
        {short[measure] ?? text}
      </th>
    );
  }
  const sorted = sort.by === measure ? (sort.direction === 'asc' ? 'ascending' : 'descending') : 'none';
  return (
    <th scope="col" title={meaning} aria-sort={sorted}>
      <button type="button" class="sort" aria-label={t().sortBy(text)} onClick={() => sort.change(measure)}>
        {text}
      </button>
    </th>
  );
}

interface NameProps {
  row: Row;
  dimension: string;
  width: number;
  onPick: ((value: string) => void) | undefined;
}

function NameCell({ row: { value }, dimension, width, onPick }: NameProps) {
  const name = nameFor(dimension, value);
  const now = filter.value;
  const picked = now?.dimension === dimension && now.operator === 'is' && now.values.includes(value);
  const text = (
    <>
      <span class={name.folded ? 'text folded' : 'text'}>
        <Breakable text={name.text} />
      </span>
      {name.code ? <abbr>{name.code}</abbr> : null}
    </>
  );
  return (
    <th scope="row" class="name" title={name.note ?? name.text}>
      {/* A width set through the style object is CSSOM, which the content security policy allows. */}
      <span class={isRest(value) ? 'fill rest' : 'fill'} style={{ width: `${Math.max(0.5, width)}%` }} />
      {onPick && isValue(value) ? (
        <button type="button" class="value" aria-pressed={picked} onClick={() => onPick(value)}>
          {text}
        </button>
      ) : (
        <span class="value">{text}</span>
      )}
    </th>
  );
}
