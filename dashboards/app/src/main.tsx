/** Starts the dashboard: which page the address asks for, and the beat that keeps it fresh. */
import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/card.css';
import './style/table.css';
import './style/curve.css';
import './style/figure.css';
import './style/window.css';
import './style/print.css';
import { App } from './page/App.tsx';
import { listen } from './state/keys.ts';
import { recall } from './state/liking.ts';
import { keepBeat } from './state/pulse.ts';
import * as store from './state/store.ts';
import { loadReport, reportAt } from './report/registry.ts';
import { begin } from './text/catalogue.ts';

recall();
addEventListener('popstate', store.followHistory);
listen();
keepBeat();

// On their way before anything is drawn, in the language chosen.
const spoken = begin();
const report = store.siteId.peek() && reportAt(store.view.peek().report);
if (report) void loadReport(report.id).catch(() => {});
// A one-time link is looked at first; it goes on to `start` itself.
if (!store.linkToken.peek()) void store.start();

await spoken;
render(<App />, document.getElementById('app')!);
