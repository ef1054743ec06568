/** RudderStack's client for Node. */
import Analytics from '@rudderstack/rudder-sdk-node';
import { called, device, done, email, failed, page, secret, token, url, user } from './app.mjs';

const analytics = new Analytics(token, { dataPlaneUrl: url, flushAt: 20, errorHandler: failed, logLevel: 'off' });

const context = { ip: '203.0.113.77', device: { id: device }, traits: { email } };
const who = { userId: user, anonymousId: device, context };
analytics.track({ ...who, event: 'signup', properties: { plan: 'free', contact: email } });
analytics.track({ ...who, event: 'signup', properties: { plan: 'pro' } });
analytics.page({ ...who, name: 'Pricing', properties: { url: page, title: secret } });
analytics.identify({ ...who, traits: { email, name: secret } });
analytics.screen({ ...who, name: 'Home' });
analytics.group({ ...who, groupId: `${user}-inc`, traits: { name: secret } });
analytics.alias({ ...who, previousId: device });
analytics.track({ ...who, event: 'play' });
await called((back) => analytics.flush(back));
done();
process.exit();
