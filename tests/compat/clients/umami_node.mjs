/** Umami's client for Node. */
import { Umami } from '@umami/node';
import { awaited, done, email, failed, page, secret, token, url, user } from './app.mjs';

const umami = new Umami({ websiteId: token, hostUrl: url });
/** The client answers with what the server said, whatever that is. */
const sent = (answer) => awaited(answer.then((answer) => answer.ok || failed(answer.status)));

const view = { hostname: 'shop.test', url: page, referrer: 'https://b.test/', title: secret, language: 'de-AT', id: user };
await sent(umami.track({ ...view, screen: '1920x1080' }));
await sent(umami.track(view));
await sent(umami.track('signup', { plan: 'free', contact: email }));
await sent(umami.track('signup', { plan: 'pro' }));
await sent(umami.identify({ email, name: secret }));
await sent(umami.track({ ...view, url: 'https://shop.test/player', name: 'play', ip: '203.0.113.77' }));
done();
