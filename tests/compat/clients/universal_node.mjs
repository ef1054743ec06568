/** universal-analytics, a client of Google's Universal Analytics. */
import ua from 'universal-analytics';
import { called, done, email, secret, token, url, user } from './app.mjs';

const visitor = ua(token, { hostname: url, uid: user, strictCidFormat: false, cid: `${user}-client` });
await called((back) => visitor.pageview({ dl: `https://shop.test/pricing?email=${email}`, dt: secret, uip: '203.0.113.77' }, back));
await called((back) => visitor.event('account', 'signup', 'free', 3, back));
await called((back) =>
  visitor
    .pageview('/help', 'https://shop.test', secret)
    .event('account', 'signup', email)
    .event('player', 'play')
    .send(back),
);
await called((back) => visitor.screenview('Home', 'Shop', '2.1', back));
await called((back) => visitor.exception(secret, back));
done();
