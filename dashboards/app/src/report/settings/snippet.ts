/** What a site's pages carry: lines to paste. No network, no state. */

/** Attributes of the script tag, as docs/tracker.md names them. */
export const OPTIONS = ['data-hash', 'data-vitals', 'data-404', 'data-cohorts'] as const;
export type Option = (typeof OPTIONS)[number];

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

export function tagOf(origin: string, site: string, chosen: readonly Option[]): string {
  const options = OPTIONS.filter((option) => chosen.includes(option)).map((option) => ` ${option}`);
  return `<script defer src="${escaped(origin)}/hc.js" data-site="${escaped(site)}"${options.join('')}></script>`;
}

export const pixelOf = (origin: string, site: string): string =>
  `<noscript><img src="${escaped(origin)}/n.gif?site=${encodeURIComponent(site)}" alt="" width="1" height="1"\n  referrerpolicy="no-referrer-when-downgrade"></noscript>`;

/** A frame with the shared dashboard; empty words leave theme, background and language to it. */
export function frameOf(url: string, site: string, look: { theme: string; background: string; lang: string }): string {
  const said = Object.entries(look).flatMap(([name, value]) => (value ? `&${name}=${encodeURIComponent(value)}` : []));
  return `<iframe src="${escaped(url + said.join(''))}" title="${escaped(site)}" loading="lazy"\n  style="width: 100%; height: 1600px; border: 0"></iframe>`;
}
