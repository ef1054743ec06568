/** PostHog's client for Node. */
import { PostHog } from 'posthog-node';
import { done, email, failed, page, secret, token, url, user } from './app.mjs';

const posthog = new PostHog(token, { host: url, flushAt: 20, flushInterval: 200, fetchRetryDelay: 300 });
posthog.on('error', failed);

const who = { distinctId: user };
posthog.capture({ ...who, event: 'signup', properties: { plan: 'free', contact: email, $ip: '203.0.113.77' } });
posthog.capture({ ...who, event: 'signup', properties: { plan: 'pro', $set: { email } } });
posthog.capture({ ...who, event: '$pageview', properties: { $current_url: page, title: secret } });
posthog.identify({ ...who, properties: { email, name: secret } });
posthog.groupIdentify({ groupType: 'company', groupKey: `${user}-inc`, properties: { name: secret } });
posthog.alias({ ...who, alias: `${user}-other` });
posthog.captureException(new Error(secret), user);
posthog.capture({ ...who, event: 'play' });
const flags = await posthog.getAllFlags(user);
if (Object.keys(flags).length > 0) failed(`flags: ${Object.keys(flags)}`);
await posthog.shutdown();
done();
