/** Mixpanel's client for browsers. */
import mixpanel from 'mixpanel-browser';
import { email, isFirst, secret, token, url, user } from './page.js';

mixpanel.init(token, { api_host: url, track_pageview: true, persistence: 'localStorage', batch_flush_interval_ms: 500 });
if (isFirst) {
  mixpanel.track('signup', { plan: 'free', contact: email });
  mixpanel.identify(user);
  mixpanel.people.set({ $email: email, $name: secret });
  mixpanel.track('signup', { plan: 'pro' });
  mixpanel.set_group('company', `${user}-inc`);
  mixpanel.track('play');
}
