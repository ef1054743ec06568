/** One vital: how good it is, how its values are spread, and how it went. */
import { useRef } from 'preact/hooks';
import type { VitalRow } from '../../api/schema.ts';
import { exactly, percent } from '../../format/number.ts';
import { Card } from '../../part/Card.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { Days, rowOf, type OverTime } from './Days.tsx';
import { Histogram } from './Histogram.tsx';
import { LIMITS, ratingOf, vitalValue, type Rating, type VitalName } from './rating.ts';
import { vt } from './text.ts';

interface Props {
  name: VitalName;
  /** Absent when no browser reported it. */
  row: VitalRow | undefined;
  /** Absent for a single day. */
  over: OverTime | undefined;
  call: string | undefined;
}

export function Vital({ name, row, over, call }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const sheet = () => ({
    columns: [over?.interval ?? '', 'samples', 'p50', 'p75', 'p95', 'good', 'needs_improvement', 'poor'],
    rows: (over?.spans ?? []).map((span) => {
      const { from } = span;
      const one = rowOf(span, name);
      return one ? [from, one.samples, one.p50, one.p75, one.p95, one.good, one.needs_improvement, one.poor] : [from, 0, '', '', '', '', '', ''];
    }),
  });
  const menu = <ReportMenu title={name} sheet={sheet} picture={() => box.current?.querySelector('svg')} call={call} />;
  return (
    <Card name={name} title={name} look="vital" tools={row ? menu : null}>
      <p class="note">{vt().names[name]}</p>
      {row ? <Figure name={name} row={row} /> : <p class="empty">{vt().notMeasured}</p>}
      {row ? <Shares name={name} row={row} /> : null}
      {row ? <Histogram name={name} buckets={row.buckets ?? []} /> : null}
      {row && over ? (
        <div ref={box}>
          <Days name={name} over={over} />
        </div>
      ) : null}
    </Card>
  );
}

function Figure({ name, row }: { name: VitalName; row: VitalRow }) {
  const rating = ratingOf(name, row.p75);
  const [good, poor] = LIMITS[name];
  return (
    <>
      <p class="vital-figure" title={`${vt().meanings[name]} ${vt().percentile}.`}>
        <strong data-p75>{vitalValue(name, row.p75)}</strong>
        <span class={`rating is-${rating}`}>{vt().ratings[rating]}</span>
      </p>
      <dl class="percentiles">
        {(['p50', 'p75', 'p95'] as const).map((one) => (
          <div key={one}>
            <dt>{one}</dt>
            <dd>{vitalValue(name, row[one])}</dd>
          </div>
        ))}
        <div>
          <dt class="visually-hidden">{vt().samplesLabel}</dt>
          <dd class="note">{vt().samples(row.samples)}</dd>
        </div>
      </dl>
      <p class="note">{vt().of(vitalValue(name, good), vitalValue(name, poor))}</p>
    </>
  );
}

/** A bar of three parts; the numbers stand below it. */
function Shares({ name, row }: { name: VitalName; row: VitalRow }) {
  const parts: [Rating, number][] = [
    ['good', row.good],
    ['fair', row.needs_improvement],
    ['poor', row.poor],
  ];
  return (
    <div class="shares">
      <div class="shares-bar" aria-hidden="true">
        {parts.map(([rating, share]) => (share > 0 ? <span key={rating} class={`is-${rating}`} style={{ flexGrow: share }} /> : null))}
      </div>
      <ul aria-label={vt().shares(name)}>
        {parts.map(([rating, share]) => (
          <li key={rating} class={`is-${rating}`} title={exactly('percentage', share)}>
            {vt().shareOf(vt().ratings[rating], percent(share))}
          </li>
        ))}
      </ul>
    </div>
  );
}
