/** Aptabase's client for the web. */
import { init, trackEvent } from '@aptabase/web';
import { email, isFirst, token, url } from './page.js';

init(token, { host: url, appVersion: '2.1' });
if (isFirst) {
  await trackEvent('signup', { plan: 'free', contact: email });
  await trackEvent('signup', { plan: 'pro' });
  await trackEvent('play');
} else {
  await trackEvent('read');
}
