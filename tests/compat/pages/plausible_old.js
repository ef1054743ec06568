/** plausible-tracker, the older client of Plausible. */
import Plausible from 'plausible-tracker';
import { email, isFirst, token, url } from './page.js';

const plausible = Plausible({ domain: token, apiHost: url, trackLocalhost: true });
/** It tells when the answer has come, and nothing of what it was. */
const sent = (name, props) => new Promise((callback) => plausible.trackEvent(name, { props, callback }));
await sent('pageview');
if (isFirst) {
  await sent('signup', { plan: 'free', contact: email });
  await sent('signup', { plan: 'pro' });
  await sent('play');
}
