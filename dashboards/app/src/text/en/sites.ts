/** The form of a new site. */
const sites = {
  add: 'Add a site',
  id: 'Name of the site',
  idHint: 'example.org',
  idNote: 'What its pages send; it stays. The host is a good one: letters, digits, dots, dashes.',
  domains: 'Hosts that may send (optional)',
  domainsNote: 'Each with its subdomains. Empty: a name that is a host accepts itself, any other every host.',
  timezone: 'Time zone',
  timezoneNote: 'Where its days begin.',
};

export default sites;
