/** Segment's client for browsers, which asks for its settings first. */
import { AnalyticsBrowser } from '@segment/analytics-next';
import { email, isFirst, secret, token, url, user } from './page.js';

const analytics = AnalyticsBrowser.load({ writeKey: token, cdnURL: url });
await analytics.page('Pricing', { title: secret });
if (isFirst) {
  analytics.track('signup', { plan: 'free', contact: email });
  analytics.identify(user, { email, name: secret });
  analytics.track('signup', { plan: 'pro' });
  analytics.group(`${user}-inc`, { name: secret });
  analytics.track('play');
}
