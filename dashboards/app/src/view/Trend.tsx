/** Visitors and page views over time: the curve, and the same numbers as a table. */
import { useEffect, useRef } from 'preact/hooks';
import type { Series } from '../data/series.ts';
import { title } from '../format/date.ts';
import { exact } from '../format/number.ts';
import * as store from '../state/store.ts';
import { locale } from './locale.ts';
import { Notice } from './Notice.tsx';

export function Trend() {
  const { data, error, stale } = store.series.state.value;
  const failed = !!error && (stale || !data);
  return (
    <figure class={stale && !failed ? 'trend stale' : 'trend'} aria-busy={!data || stale}>
      <figcaption class="legend">
        <span class="key visitors">Visitors</span>
        <span class="key pageviews">Pageviews</span>
        {data?.open ? <span class="key running">still counting</span> : null}
      </figcaption>
      {failed && error ? <Notice error={error} retry={() => void store.retrySeries()} /> : null}
      <Curve series={data} failed={failed} />
      {failed ? null : <Table series={data} />}
    </figure>
  );
}

function Curve({ series, failed }: { series: Series | undefined; failed: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Promise<{ show(series: Series): void; destroy(): void }>>(null);
  const latest = useRef(series);
  latest.current = series;

  useEffect(() => {
    const element = box.current!;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const make = () => {
      const old = plot.current;
      plot.current = import('../chart/plot.ts').then(async ({ createPlot }) => {
        (await old)?.destroy();
        return createPlot(element, locale);
      });
      // Without the script of the curve there is still the table.
      plot.current.then((made) => latest.current && made.show(latest.current)).catch(() => {});
    };
    make();
    dark.addEventListener('change', make);
    return () => {
      dark.removeEventListener('change', make);
      plot.current?.then((made) => made.destroy()).catch(() => {});
      plot.current = null;
    };
  }, []);
  useEffect(() => {
    if (series) plot.current?.then((made) => made.show(series)).catch(() => {});
  }, [series]);

  const sum = (values: number[]) => exact(values.reduce((all, value) => all + value, 0), locale);
  const label = series
    ? `Curve: ${sum(series.visitors)} visitors and ${sum(series.pageviews)} page views over ${series.labels.length} steps. A table follows.`
    : 'Curve, loading';
  const state = failed ? 'curve gone' : series ? 'curve' : 'curve bone';
  return <div class={state} ref={box} role="img" aria-label={label} />;
}

function Table({ series }: { series: Series | undefined }) {
  return (
    <details class="twin">
      <summary>Show as a table</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Numbers over time">
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{series?.bucket === 'hour' ? 'Hour' : 'Date'}</th>
              <th scope="col">Visitors</th>
              <th scope="col">Pageviews</th>
            </tr>
          </thead>
          <tbody>
            {series?.labels.map((label, i) => (
              <tr key={i}>
                <th scope="row">{title(series.bucket, label, locale)}</th>
                <td>{exact(series.visitors[i] ?? 0, locale)}</td>
                <td>{exact(series.pageviews[i] ?? 0, locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
