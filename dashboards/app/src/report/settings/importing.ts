/** The commands of `headcount import`, as docs/import.md has them. No network, no state. */

/** Formats, by the names of what writes them. */
export const SOURCES = {
  combined: 'nginx, Apache (combined)',
  caddy: 'Caddy',
  cloudfront: 'CloudFront',
  jsonl: 'JSON lines',
  plausible: 'Plausible',
  umami: 'Umami',
  matomo: 'Matomo',
  ga4: 'Google Analytics 4 (BigQuery)',
  'ga4-csv': 'Google Analytics 4 (CSV)',
  mixpanel: 'Mixpanel',
} as const;
export type Source = keyof typeof SOURCES;

const FILES: Record<Source, string> = {
  combined: '/var/log/nginx/access.log*',
  caddy: '/var/log/caddy/access.log',
  cloudfront: 'E123*.gz',
  jsonl: 'access.json',
  plausible: 'export.zip',
  umami: 'export.zip',
  matomo: 'visits.jsonl',
  ga4: 'events.json.gz',
  'ga4-csv': 'report.csv',
  mixpanel: 'events.jsonl',
};

export const importOf = (site: string, source: Source): string => `headcount import --site ${site} --format ${source} ${FILES[source]}`;
