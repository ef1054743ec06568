/** Numbers over time: the curve, and the same numbers as a table. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { title } from '../format/date.ts';
import { exactly, plain } from '../format/number.ts';
import { comparison, look } from '../state/store.ts';
import { language } from '../text/catalogue.ts';
import { t, w } from '../text/words.ts';
import { notesOf, type Curve } from './curve.ts';
import { Marks } from './Marks.tsx';
import type { Place, Plot } from './plot.ts';

/** The script of the curve; asked for early, it is there when the numbers are. */
const load = () => import('./plot.ts');

interface Props {
  curve: Curve | undefined;
  /** Changes the notes of a bucket. */
  openNotes?: ((index: number) => void) | undefined;
}

export function Trend({ curve, openNotes }: Props) {
  return (
    <figure class="trend">
      <Legend curve={curve} />
      <Drawn curve={curve} openNotes={openNotes} />
      <Table curve={curve} />
    </figure>
  );
}

function Legend({ curve }: { curve: Curve | undefined }) {
  const several = (curve?.lines.length ?? 0) > 1;
  return (
    <figcaption class={comparison.value === undefined ? 'legend' : 'legend compared'}>
      {several ? curve?.lines.toReversed().map(({ name, look }) => <span key={name} class={`key look-${look}`}>{name}</span>) : null}
      {curve?.open && curve.labels.length > 1 ? <span class="key running">{t().stillCounting}</span> : null}
    </figcaption>
  );
}

function Drawn({ curve, openNotes }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Promise<Plot>>(null);
  const latest = useRef(curve);
  const [places, setPlaces] = useState<readonly Place[]>([]);
  latest.current = curve;
  const { theme } = look.value;
  const spoken = language.value;

  useEffect(() => {
    const element = box.current!;
    // What is painted in pixels does not follow the colours of the page: paper is always light.
    const media = [matchMedia('(prefers-color-scheme: dark)'), matchMedia('print')];
    const make = () => {
      const old = plot.current;
      plot.current = load().then(async ({ createPlot }) => {
        (await old)?.destroy();
        return createPlot(element, (now) => setPlaces((before) => (JSON.stringify(now) === JSON.stringify(before) ? before : now)));
      });
      // Without the script of the curve there is still the table.
      plot.current.then((made) => latest.current && made.show(latest.current)).catch(() => {});
    };
    make();
    for (const one of media) one.addEventListener('change', make);
    return () => {
      for (const one of media) one.removeEventListener('change', make);
      plot.current?.then((made) => made.destroy()).catch(() => {});
      plot.current = null;
    };
  }, [theme, spoken]);
  useEffect(() => {
    if (curve) plot.current?.then((made) => made.show(curve)).catch(() => {});
  }, [curve]);

  const label = curve ? `${w().measures[curve.measure]}, ${plain(curve.labels.length)} × ${w().buckets[curve.bucket]}` : t().loading;
  const point = (index?: number) => void plot.current?.then((made) => made.point(index)).catch(() => {});
  const openPointed = async () => {
    const index = (await plot.current)?.pointed();
    if (index !== undefined) openNotes?.(index);
  };
  return (
    <div class="curve-place" onDblClick={() => void openPointed()}>
      <div class={curve ? 'curve' : 'curve bone'} ref={box} role="img" aria-label={label} />
      {curve?.notes.length ? <Marks curve={curve} places={places} point={point} open={openNotes} /> : null}
    </div>
  );
}

const said = (curve: Curve, value: number | null | undefined): string =>
  typeof value === 'number' ? exactly(curve.measure, value, curve.currency) : '–';

function Table({ curve }: { curve: Curve | undefined }) {
  return (
    <details class="twin">
      <summary>{t().asTable}</summary>
      {/* Drawn only when it is looked at would need state; a few hundred rows do not. */}
      <div class="scroll" tabIndex={0} role="region" aria-label={t().numbersOverTime}>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{curve ? w().buckets[curve.bucket] : ''}</th>
              {curve?.lines.toReversed().map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              {curve?.notes.length ? <th scope="col">{t().notes}</th> : null}
            </tr>
          </thead>
          <tbody>
            {curve?.labels.map((label, i) => (
              <tr key={i}>
                <th scope="row">{title(curve.bucket, label)}</th>
                {curve.lines.toReversed().map(({ name, values }) => (
                  <td key={name}>{said(curve, values[i])}</td>
                ))}
                {curve.notes.length ? <td>{notesOf(curve, i).map(({ text }) => text).join(' · ')}</td> : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
