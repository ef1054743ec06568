/** What the address says: site, range and tabs. The address is the state, so that every view can be linked to. */
import { PANELS } from '../data/panels.ts';
import { DEFAULT_RANGE, parseRange, type Range } from './range.ts';

export interface View {
  /** Empty when the address names none. */
  site: string;
  range: Range;
  /** Chosen tab per panel; panels that show their first tab are absent. */
  tabs: Record<string, string>;
}

/** Reads an address's path and query; what it does not know falls away. */
export function parseAddress(pathname: string, search: string): View {
  const params = new URLSearchParams(search);
  const tabs: Record<string, string> = {};
  for (const panel of PANELS) {
    const chosen = panel.tabs.slice(1).find((tab) => tab.id === params.get(panel.id));
    if (chosen) tabs[panel.id] = chosen.id;
  }
  return { site: siteIn(pathname), range: parseRange(params.get('range')), tabs };
}

function siteIn(pathname: string): string {
  const [, site = ''] = /^\/s\/([^/]+)\/?$/.exec(pathname) ?? [];
  try {
    return decodeURIComponent(site);
  } catch {
    return '';
  }
}

/** The address of a view; defaults are left out. */
export function formatAddress({ site, range, tabs }: View): string {
  const params = new URLSearchParams();
  if (range !== DEFAULT_RANGE) params.set('range', range);
  for (const panel of PANELS) {
    const tab = tabs[panel.id];
    if (tab && tab !== panel.tabs[0].id) params.set(panel.id, tab);
  }
  const search = params.toString();
  return `/s/${encodeURIComponent(site)}${search && `?${search}`}`;
}
