/** Starts the dashboard: which page the address asks for, and the beat that keeps it fresh. */
import { render } from 'preact';
import './style/base.css';
import './style/page.css';
import './style/overview.css';
import './style/panel.css';
import './style/sign_in.css';
import { App } from './view/App.tsx';
import * as store from './state/store.ts';

/** A visit shows up in the API within about two seconds of this beat; together they stay under five. */
const RENEW_EVERY_MS = 3_000;

let busy = false;
async function beat(): Promise<void> {
  if (busy || document.visibilityState !== 'visible') return;
  busy = true;
  await store.renew().finally(() => (busy = false));
}

addEventListener('popstate', store.followHistory);
document.addEventListener('visibilitychange', beat);
setInterval(beat, RENEW_EVERY_MS);

render(<App />, document.getElementById('app')!);
// A one-time link is looked at first; it goes on to `start` itself.
if (!store.linkToken.value) void store.start();
