/** Whether hits arrive: turns green with the first one. */
import { useQuery } from '../../state/ask.ts';
import { useLive } from '../../state/live.ts';
import { siteId } from '../../state/store.ts';
import { st } from './text.ts';

type Sight = 'looking' | 'unknown' | 'waiting' | 'arrived' | 'now';

export function Arrival() {
  const site = siteId.value;
  const live = useLive(site);
  // Live numbers know the last half hour; what came before is in the totals.
  const { data, error } = useQuery({ site_id: site, metrics: ['events'], date_range: 'all' });
  const counted = data?.results[0]?.metrics[0];
  const sight = sightOf(live?.pageviews, counted, error !== undefined);
  return (
    <div class={`arrival is-${sight}`} role="status">
      <span class="dot" aria-hidden="true" />
      <p>{wordsOf(sight, live?.pageviews ?? 0)}</p>
    </div>
  );
}

function sightOf(lately: number | undefined, counted: number | undefined, failed: boolean): Sight {
  if (lately) return 'now';
  if (counted) return 'arrived';
  if (counted === 0) return 'waiting';
  return failed ? 'unknown' : 'looking';
}

function wordsOf(sight: Sight, lately: number) {
  if (sight === 'looking') return st().looking;
  if (sight === 'unknown') return st().noAnswer;
  const [title, how] =
    sight === 'waiting'
      ? [st().waiting, st().waitingHow]
      : sight === 'now'
        ? [st().arrivingNow, st().lately(lately)]
        : [st().arrived, st().quiet];
  return (
    <>
      <strong>{title}</strong> <span>{how}</span>
    </>
  );
}
