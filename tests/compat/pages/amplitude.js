/** Amplitude's client for browsers. */
import * as amplitude from '@amplitude/analytics-browser';
import { email, isFirst, secret, token, url, user } from './page.js';

amplitude.init(token, {
  serverUrl: `${url}/2/httpapi`,
  remoteConfig: { fetchRemoteConfig: false },
  enableDiagnostics: false,
  flushIntervalMillis: 300,
  logLevel: 1,
});
if (isFirst) {
  amplitude.track('signup', { plan: 'free', contact: email });
  amplitude.setUserId(user);
  amplitude.identify(new amplitude.Identify().set('email', email).set('name', secret));
  amplitude.track('signup', { plan: 'pro' });
  amplitude.setGroup('company', `${user}-inc`);
  amplitude.track('play');
}
