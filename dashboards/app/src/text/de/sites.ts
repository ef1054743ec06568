/** Das Formular einer neuen Website. */
import type english from '../en/sites.ts';

const text: typeof english = {
  add: 'Website hinzufügen',
  id: 'Name der Website',
  idHint: 'example.org',
  idNote: 'Was ihre Seiten senden; er bleibt. Gut ist der Hostname: Buchstaben, Ziffern, Punkte, Bindestriche.',
  domains: 'Hosts, die senden dürfen (optional)',
  domainsNote: 'Jeder mit seinen Subdomains. Leer: Ein Name, der ein Host ist, nimmt sich selbst an, jeder andere jeden Host.',
  timezone: 'Zeitzone',
  timezoneNote: 'Wo ihre Tage beginnen.',
};

export default text;
