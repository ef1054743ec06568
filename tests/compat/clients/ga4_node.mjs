/** ga4-mp, a client of Google's Measurement Protocol. Its address is a property. */
import { createRequire } from 'node:module';
import { done, email, page, secret, token, url, user } from './app.mjs';

// Its module answers with promises nobody sees, so what it prints is what went wrong.
const ga4mp = createRequire(import.meta.url)('ga4-mp');
const client = ga4mp.createClient(secret, token, `${user}.1795262400`);
client.GA_ENDPOINT = client.GA_ENDPOINT.replace('https://www.google-analytics.com', url);

client.send([
  { name: 'page_view', params: { page_location: page, page_referrer: 'https://b.test/', page_title: secret } },
  { name: 'sign_up', params: { method: 'mail', contact: email, user_id: user } },
]);
client.send([{ name: 'play', params: { level: 3 } }], true);
client.send([{ name: 'play', params: { level: 4 } }], true);
client.flushBuffer();
process.once('beforeExit', done);
