/** PostHog's client for browsers. */
import posthog from 'posthog-js';
import { email, isFirst, secret, token, url, user } from './page.js';

posthog.init(token, { api_host: url, request_queue_config: { flush_interval_ms: 500 } });
if (isFirst) {
  posthog.capture('signup', { plan: 'free', contact: email });
  posthog.identify(user, { email, name: secret });
  posthog.group('company', `${user}-inc`, { name: secret });
  posthog.capture('signup', { plan: 'pro' });
  posthog.captureException(new Error(secret));
  posthog.capture('play');
}
