/** Mixpanel's client for Node. */
import Mixpanel from 'mixpanel';
import { called, done, email, host, page, port, secret, token, user } from './app.mjs';

const mixpanel = Mixpanel.init(token, { host, port, protocol: 'http', key: secret });
const somebody = { distinct_id: user, $device_id: user, ip: '203.0.113.77' };

await called((back) => mixpanel.track('signup', { ...somebody, plan: 'free', contact: email }, back));
await called((back) => mixpanel.track('signup', { ...somebody, plan: 'pro', time: new Date() }, back));
await called((back) => mixpanel.track('play', { ...somebody, $current_url: page }, back));
const batch = ['pause', 'pause', 'stop'].map((event) => ({ event, properties: { ...somebody, time: Date.now() } }));
await called((back) => mixpanel.track_batch(batch, back));
await called((back) => mixpanel.import('signup', new Date(Date.now() - 1000), { ...somebody, plan: 'old' }, back));
await called((back) => mixpanel.people.set(user, { $email: email, $name: secret }, back));
await called((back) => mixpanel.people.increment(user, 'logins', back));
await called((back) => mixpanel.people.track_charge(user, 12.5, back));
await called((back) => mixpanel.groups.set('company', `${user}-inc`, { $name: secret }, back));
await called((back) => mixpanel.alias(user, `${user}-other`, back));
done();
