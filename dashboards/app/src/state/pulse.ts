/** The beat: looks every few seconds whether the site's numbers have moved, and has everything renewed when they have. */
import { effect } from '@preact/signals';
import { askAlone } from '../api/batch.ts';
import { known, read } from '../api/request.ts';
import { moved } from './ask.ts';
import * as store from './store.ts';

/** Where several sites stand beside each other they are asked anew so often. */
const ALL_EVERY_MS = 60_000;
/** A visit shows up in the API within about two seconds of this beat; together they stay under five. */
const EVERY_MS = 3_000;

let busy = false;
/** What a site's day had when it was looked at last. */
const before = new Map<string, string>();
let askedAll = performance.now();

async function beat(): Promise<void> {
  if (busy || document.visibilityState !== 'visible') return;
  store.tick();
  const site = store.site.peek()?.id;
  if (!site) return beatOfAll();
  // Days that are over do not move; a failure is worth another look whatever the days.
  if (!(store.isRunning.peek() || store.trouble.peek())) return;
  busy = true;
  try {
    const { results } = await askAlone({ site_id: site, metrics: ['events'], date_range: 'day' });
    const [knew, now] = [before.get(site), JSON.stringify([store.today.peek(), results[0]?.metrics])];
    // Also when that was before another site was looked at: its answers are remembered from then.
    if ((knew !== undefined && now !== knew) || store.trouble.peek()) moved.value = moved.peek() + 1;
    before.set(site, now);
    store.trouble.value = undefined;
  } catch (error) {
    store.trouble.value = known(error);
  } finally {
    busy = false;
  }
}

/** Of no site in particular nothing tells whether numbers have moved. */
async function beatOfAll(): Promise<void> {
  if (!store.session.peek()) return;
  if (!store.trouble.peek() && performance.now() - askedAll < ALL_EVERY_MS) return;
  busy = true;
  try {
    await read('/api/v1/session');
    store.trouble.value = undefined;
    askedAll = performance.now();
    moved.value = moved.peek() + 1;
  } catch (error) {
    store.trouble.value = known(error);
  } finally {
    busy = false;
  }
}

export function keepBeat(): void {
  // The first look goes out with the first questions, so that nothing in between is missed.
  effect(() => void (store.site.value && beat()));
  document.addEventListener('visibilitychange', beat);
  setInterval(beat, EVERY_MS);
}
