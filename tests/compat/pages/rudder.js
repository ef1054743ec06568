/** RudderStack's client for browsers: the build that loads nothing from its vendor. */
import { RudderAnalytics } from '@rudderstack/analytics-js/bundled';
import { email, isFirst, secret, token, url, user } from './page.js';

const rudder = new RudderAnalytics();
rudder.load(token, url, { configUrl: url, logLevel: 'ERROR' });
rudder.page('Pricing', { title: secret });
if (isFirst) {
  rudder.track('signup', { plan: 'free', contact: email });
  rudder.identify(user, { email, name: secret });
  rudder.track('signup', { plan: 'pro' });
  rudder.group(`${user}-inc`, { name: secret });
  rudder.track('play');
}
