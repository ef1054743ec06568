/** How many are here now, straight from the collector's memory. */
import { Link } from '../../part/Link.tsx';
import { plain } from '../../format/number.ts';
import { reportAt } from '../../report/registry.ts';
import { useLive } from '../../state/live.ts';
import * as store from '../../state/store.ts';
import { tt } from './text.ts';

export function NowHere() {
  const live = useLive(store.siteId.value);
  const text = live ? tt().now(plain(live.visitors)) : '…';
  const shown = (
    <span class={live ? 'now on' : 'now'} title={tt().nowNote} data-live>
      <span class="dot" />
      {text}
    </span>
  );
  return reportAt('live') ? <Link to={store.toReport('live')} look="now-link">{shown}</Link> : shown;
}
