/** The p75 of each day on the bands of what is good and what is not, and the same as a table. */
import type { VitalRow, VitalSpan } from '../../api/schema.ts';
import { tick, title } from '../../format/date.ts';
import { plain } from '../../format/number.ts';
import { t, w } from '../../text/words.ts';
import { LIMITS, vitalValue, type VitalName } from './rating.ts';
import type { Interval } from './spans.ts';
import { vt } from './text.ts';

const [WIDTH, HEIGHT] = [320, 96];

export interface OverTime {
  interval: Interval;
  spans: readonly VitalSpan[];
}

export const rowOf = ({ vitals }: Pick<VitalSpan, 'vitals'>, name: VitalName): VitalRow | undefined => vitals.find((one) => one.name === name);

export function Days({ name, over }: { name: VitalName; over: OverTime }) {
  const rows = over.spans.map((span) => rowOf(span, name));
  const [good, poor] = LIMITS[name];
  const top = Math.max(good * 1.15, ...rows.map((row) => (row?.p75 ?? 0) * 1.1));
  const y = (value: number) => HEIGHT - (HEIGHT * Math.min(value, top)) / top;
  const x = (i: number) => (WIDTH * (i + 0.5)) / rows.length;
  const bands: [look: string, from: number, to: number][] = [
    ['good', 0, good],
    ['fair', good, poor],
    ['poor', poor, top],
  ];
  return (
    <figure class="vital-days">
      <div class="vital-picture">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={vt().overTime(name)}>
          {bands.map(([look, from, to]) => (from < top ? <rect key={look} class={`band is-${look}`} x="0" width={WIDTH} y={y(to)} height={y(from) - y(to)} /> : null))}
          {partsOf(rows).map((part) => (
            <polyline key={part[0]} points={part.map((i) => `${x(i).toFixed(1)},${y(rows[i]?.p75 ?? 0).toFixed(1)}`).join(' ')} />
          ))}
          {rows.map((row, i) => (
            <rect key={over.spans[i]?.from} class="hit" x={(WIDTH * i) / rows.length} width={WIDTH / rows.length} y="0" height={HEIGHT}>
              <title>{`${title(over.interval, over.spans[i]?.from ?? '')}: ${row ? vitalValue(name, row.p75) : vt().notMeasured}`}</title>
            </rect>
          ))}
        </svg>
        <span class="vital-limit" style={{ top: `${(100 * y(good)) / HEIGHT}%` }}>
          {vitalValue(name, good)}
        </span>
      </div>
      <figcaption class="vital-axis note">
        <span>{tick(over.interval, over.spans[0]?.from ?? '')}</span>
        <span>{tick(over.interval, over.spans.at(-1)?.from ?? '')}</span>
      </figcaption>
      <Table name={name} over={over} rows={rows} />
    </figure>
  );
}

/** Runs of days that were measured: a line does not bridge those that were not. A lone day is drawn as a dot. */
export function partsOf(rows: readonly (VitalRow | undefined)[]): number[][] {
  const parts: number[][] = [];
  rows.forEach((row, i) => {
    if (!row) return;
    if (i > 0 && rows[i - 1]) parts.at(-1)?.push(i);
    else parts.push([i]);
  });
  return parts.map((part) => (part.length === 1 ? [part[0]!, part[0]!] : part));
}

function Table({ name, over, rows }: { name: VitalName; over: OverTime; rows: (VitalRow | undefined)[] }) {
  return (
    <details class="twin">
      <summary>{t().asTable}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={vt().overTime(name)}>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{w().buckets[over.interval]}</th>
              <th scope="col">p50</th>
              <th scope="col">p75</th>
              <th scope="col">p95</th>
              <th scope="col">{w().measures.pageviews}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={over.spans[i]?.from}>
                <th scope="row">{title(over.interval, over.spans[i]?.from ?? '')}</th>
                {(['p50', 'p75', 'p95'] as const).map((one) => (
                  <td key={one}>{row ? vitalValue(name, row[one]) : '–'}</td>
                ))}
                <td>{plain(row?.samples ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
