/** Matomo's client for Node: one by one, then in bulk. */
import MatomoTracker from 'matomo-tracker';
import { done, email, failed, page, secret, token, url, user } from './app.mjs';

const matomo = new MatomoTracker(token, `${url}/matomo.php`);
matomo.on('error', (status) => failed(status));
/** It does not tell when a request is done. */
const sent = (action) => new Promise((resolve) => {
  const get = matomo.agent.get;
  matomo.agent = { ...matomo.agent, get: (url, back) => get(url, (answer) => (back(answer), answer.resume().on('end', resolve))) };
  matomo.track(action);
});

const who = { _id: '0123456789abcdef', uid: user, cip: '203.0.113.77', token_auth: secret, action_name: secret };
await sent({ ...who, url: page, urlref: 'https://b.test/', res: '1920x1080' });
await sent({ ...who, url: page });
await sent({ ...who, url: page, e_c: 'account', e_a: 'signup', e_n: 'free', ca: 1 });
await new Promise((resolve) =>
  matomo.trackBulk(
    [
      { ...who, url: 'https://shop.test/help' },
      { ...who, url: page, e_c: email, e_a: 'play', ca: 1 },
      { ...who, url: page, search: secret },
    ],
    (answer) => resolve(JSON.parse(answer).invalid === 0 || failed(answer)),
  ),
);
done();
