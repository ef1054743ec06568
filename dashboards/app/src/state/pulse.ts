/** The beat: looks every few seconds whether the site's numbers have moved, and has everything renewed when they have. */
import { effect } from '@preact/signals';
import { askAlone } from '../api/batch.ts';
import { known } from '../api/request.ts';
import { moved } from './ask.ts';
import * as store from './store.ts';

/** A visit shows up in the API within about two seconds of this beat; together they stay under five. */
const EVERY_MS = 3_000;

let busy = false;
let before = '';

async function beat(): Promise<void> {
  if (busy || document.visibilityState !== 'visible') return;
  store.tick();
  const site = store.site.peek()?.id;
  // Days that are over do not move; a failure is worth another look whatever the days.
  if (!site || !(store.isRunning.peek() || store.trouble.peek())) return;
  busy = true;
  try {
    const { results } = await askAlone({ site_id: site, metrics: ['events'], date_range: 'day' });
    const now = JSON.stringify([site, store.today.peek(), results[0]?.metrics]);
    const knew = before.startsWith(JSON.stringify([site]).slice(0, -1));
    if ((knew && now !== before) || store.trouble.peek()) moved.value = moved.peek() + 1;
    before = now;
    store.trouble.value = undefined;
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
