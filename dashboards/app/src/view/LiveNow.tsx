/** Who is here now: a number and the last half hour, straight from the collector's memory. */
import { useEffect, useState } from 'preact/hooks';
import { followLive } from '../api/fetch.ts';
import type { Live, Site } from '../api/types.ts';
import { exact, short } from '../format/number.ts';
import { locale } from './locale.ts';

const MINUTES = 30;
const HEIGHT = 28;

/** Follows the live numbers while the page is seen: a hidden tab must not hold one of the browser's six connections. */
function useLive(site: string): Live | null {
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    let stop = () => {};
    const follow = () => {
      stop();
      stop = document.visibilityState === 'visible' ? followLive(site, setLive) : () => {};
    };
    setLive(null);
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      stop();
    };
  }, [site]);
  return live;
}

export function LiveNow({ site }: { site: Site }) {
  const live = useLive(site.id);
  const minutes = live?.minutes.slice(-MINUTES) ?? [];
  const peak = Math.max(4, ...minutes);
  return (
    <section class={live ? 'live on' : 'live'} aria-label="Live">
      <div class="figure">
        <h2>
          <span class="dot" />
          Live
        </h2>
        <p class="count" data-live title={live ? `${exact(live.visitors, locale)} visitors in the last 5 minutes` : ''}>
          {live ? short(live.visitors, locale) : '–'}
        </p>
        <p class="note">{live ? `${short(live.pageviews, locale)} ${live.pageviews === 1 ? 'view' : 'views'} in 5 minutes` : 'connecting …'}</p>
      </div>
      <svg class="minutes" viewBox={`0 0 ${MINUTES * 4} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <title>Page views per minute, last half hour</title>
        {Array.from({ length: MINUTES }, (_, i) => {
          const count = minutes[i - MINUTES + minutes.length] ?? 0;
          const height = Math.max(1, (count / peak) * HEIGHT);
          return <rect key={i} x={i * 4} width="3" y={HEIGHT - height} height={height} class={count ? 'some' : ''} />;
        })}
      </svg>
    </section>
  );
}
