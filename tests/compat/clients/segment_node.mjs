/** Segment's client for Node. */
import { Analytics } from '@segment/analytics-node';
import { device, done, email, failed, page, secret, token, url, user } from './app.mjs';

const analytics = new Analytics({ writeKey: token, host: url, flushAt: 4 });
analytics.on('error', (error) => failed(error.reason ?? error.code));

const context = { ip: '203.0.113.77', device: { id: device, advertisingId: device }, traits: { email } };
const who = { userId: user, anonymousId: device, context };
analytics.track({ ...who, event: 'signup', properties: { plan: 'free', contact: email } });
analytics.track({ ...who, event: 'signup', properties: { plan: 'pro' } });
analytics.page({ ...who, name: 'Pricing', properties: { url: page, title: secret } });
analytics.identify({ ...who, traits: { email, name: secret } });
analytics.group({ ...who, groupId: `${user}-inc`, traits: { name: secret } });
analytics.screen({ ...who, name: 'Home' });
analytics.alias({ userId: user, previousId: device });
analytics.track({ ...who, event: 'play' });
await analytics.closeAndFlush();
done();
