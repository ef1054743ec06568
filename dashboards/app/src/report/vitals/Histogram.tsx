/** How many page views had which value: a bar for each bucket, coloured by how good its values are. */
import type { VitalBucket } from '../../api/schema.ts';
import { plain } from '../../format/number.ts';
import { w } from '../../text/words.ts';
import { ratingOf, vitalValue, type VitalName } from './rating.ts';
import { vt } from './text.ts';

const HEIGHT = 64;
const BAR = 10;
/** Buckets per doubling: they are equally wide on a logarithmic axis. */
const PER_DOUBLING = 4;

/** The buckets with the empty ones between them, so that a gap is seen. */
export function withGaps(buckets: readonly VitalBucket[]): (VitalBucket | undefined)[] {
  const shown: (VitalBucket | undefined)[] = [];
  let end = 0;
  for (const bucket of buckets) {
    const gap = end > 0 ? Math.round(PER_DOUBLING * Math.log2(bucket.from / end)) : 0;
    for (let i = 0; i < gap; i++) shown.push(undefined);
    shown.push(bucket);
    end = bucket.to;
  }
  return shown;
}

const spanOf = (name: VitalName, { from, to }: VitalBucket): string =>
  from === to ? vitalValue(name, from) : `${vitalValue(name, from)} – ${vitalValue(name, to)}`;

export function Histogram({ name, buckets }: { name: VitalName; buckets: readonly VitalBucket[] }) {
  const [first] = buckets;
  const last = buckets.at(-1);
  if (!first || !last) return null;
  const shown = withGaps(buckets);
  const top = Math.max(...buckets.map(({ samples }) => samples));
  return (
    <figure class="histogram">
      <svg viewBox={`0 0 ${BAR * shown.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={vt().histogram(name)}>
        {shown.map((bucket, i) => {
          if (!bucket) return null;
          const height = Math.max(1, (HEIGHT * bucket.samples) / top);
          return (
            <rect key={i} class={`is-${ratingOf(name, (bucket.from + bucket.to) / 2)}`} x={BAR * i + 0.5} width={BAR - 1} y={HEIGHT - height} height={height}>
              <title>{`${spanOf(name, bucket)}: ${plain(bucket.samples)}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption class="histogram-axis note">
        <span>{vitalValue(name, first.from)}</span>
        <span>{vitalValue(name, last.to)}</span>
      </figcaption>
      <details class="twin">
        <summary>{vt().histogramTable}</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={vt().histogram(name)}>
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">{vt().value}</th>
                <th scope="col">{w().measures.pageviews}</th>
              </tr>
            </thead>
            <tbody>
              {buckets.map((bucket) => (
                <tr key={bucket.from}>
                  <th scope="row">{spanOf(name, bucket)}</th>
                  <td>{plain(bucket.samples)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
