/** Amplitude's client for Node. */
import * as amplitude from '@amplitude/analytics-node';
import { device, done, email, failed, secret, token, url, user } from './app.mjs';

amplitude.init(token, { serverUrl: `${url}/2/httpapi`, flushIntervalMillis: 300, logLevel: 0 });
const sent = (result) => result.promise.then(({ code, message }) => code === 200 || failed(`${code} ${message}`));

const who = { user_id: user, device_id: device, ip: '203.0.113.77' };
const identity = new amplitude.Identify().set('email', email).set('name', secret);
const revenue = new amplitude.Revenue().setProductId('plan').setQuantity(2).setPrice(1.5);
await Promise.all([
  sent(amplitude.track('signup', { plan: 'free', contact: email }, who)),
  sent(amplitude.track('signup', { plan: 'pro' }, who)),
  sent(amplitude.identify(identity, who)),
  sent(amplitude.groupIdentify('company', `${user}-inc`, identity, who)),
  sent(amplitude.revenue(revenue, who)),
  sent(amplitude.track({ ...who, event_type: 'play', user_properties: { email } })),
]);
done();
