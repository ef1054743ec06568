/** The last thirty minutes, a bar for each, and the same as a table. */
import { useRef } from 'preact/hooks';
import { plain } from '../../format/number.ts';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import type { Live } from '../../state/live.ts';
import { locale } from '../../text/catalogue.ts';
import { t } from '../../text/words.ts';
import { lt } from './text.ts';

const [WIDTH, HEIGHT] = [600, 120];

/** `29 minutes ago`; the last one is running. */
function ago(minutes: number): string {
  if (minutes === 0) return lt().thisMinute;
  return new Intl.RelativeTimeFormat(locale.value).format(-minutes, 'minute');
}

export function Minutes({ live }: { live: Live | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const minutes = live?.minutes ?? [];
  const back = (i: number) => minutes.length - 1 - i;
  const sheet = () => ({ columns: [lt().minute, lt().pageviews], rows: minutes.map((views, i) => [-back(i), views]) });
  return (
    <figure class="minutes">
      <figcaption class="minutes-head">
        <h2>{lt().minutes}</h2>
        <div class="tools">
          <ReportMenu title={lt().minutes} sheet={sheet} picture={() => box.current?.querySelector('svg')} />
        </div>
      </figcaption>
      <div class="minutes-picture" ref={box}>
        {live ? <Bars minutes={minutes} total={live.pageviews} /> : <SkeletonBox height="10rem" />}
        {live?.pageviews === 0 ? <p class="empty">{lt().nobody}</p> : null}
      </div>
      <p class="minutes-axis note" aria-hidden="true">
        <span>{minutes.length > 0 ? ago(back(0)) : '\u00a0'}</span>
        <span>{lt().thisMinute}</span>
      </p>
      <details class="twin">
        <summary>{t().asTable}</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={lt().minutes}>
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">{lt().minute}</th>
                <th scope="col">{lt().pageviews}</th>
              </tr>
            </thead>
            <tbody>
              {minutes.map((views, i) => (
                <tr key={i}>
                  <th scope="row">{ago(back(i))}</th>
                  <td>{plain(views)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function Bars({ minutes, total }: { minutes: readonly number[]; total: number }) {
  const top = Math.max(...minutes, 4);
  const step = WIDTH / Math.max(minutes.length, 1);
  return (
    <>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={lt().minutesLabel(total)}>
        {minutes.map((views, i) => {
          const height = (HEIGHT * views) / top;
          const look = i === minutes.length - 1 ? 'bar running' : 'bar';
          return (
            <g key={i}>
              <rect class={look} x={i * step + 1.5} width={step - 3} y={HEIGHT - height} height={height} />
              <rect class="hit" x={i * step} width={step} y="0" height={HEIGHT}>
                <title>{`${ago(minutes.length - 1 - i)}: ${plain(views)}`}</title>
              </rect>
            </g>
          );
        })}
      </svg>
      {total > 0 ? <span class="minutes-top note">{plain(top)}</span> : null}
    </>
  );
}
