/** Plausible's client for browsers. */
import { init, track } from '@plausible-analytics/tracker';
import { email, isFirst, token, url } from './page.js';

init({ domain: token, endpoint: `${url}/api/event`, captureOnLocalhost: true });
const sent = (name, props) => new Promise((callback) => track(name, { props, callback }));
if (isFirst) {
  await sent('signup', { plan: 'free', contact: email });
  await sent('signup', { plan: 'pro' });
  await sent('play');
}
