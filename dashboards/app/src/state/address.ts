/** What the address says. The address is the state, so that every view can be linked to and the back button works. */
import { formatFilter, parseFilter, type Filter } from './filter.ts';
import { DEFAULT_RANGE, parseRange, type Bucket, type Range } from './range.ts';

export interface View {
  /** Empty on the overview of all sites. */
  site: string;
  /** Empty for the traffic. */
  report: string;
  range: Range;
  /** `previous_period`, `year_over_year`, `FROM..TO`, or empty. */
  compare: string;
  /** Size of the buckets of curves; empty: what suits the range. */
  by: Bucket | '';
  metric: string;
  filter: Filter | undefined;
  /** What only the report knows: chosen tabs, a funnel's id. */
  own: Record<string, string>;
  /** What holds as long as the page is open. */
  frame: Frame;
}

export interface Frame {
  share: string;
  theme: string;
  background: string;
  lang: string;
}

const FRAME = ['share', 'theme', 'background', 'lang'] as const;
const SHARED = new Set<string>(['range', 'compare', 'by', 'metric', 'filter', 'token', ...FRAME]);

/** Reads an address's path and query; what it does not know falls away. */
export function parseAddress(pathname: string, search: string): View {
  const params = new URLSearchParams(search);
  const [site, report] = partsOf(pathname);
  const text = (name: string): string => params.get(name) ?? '';
  const by = text('by');
  return {
    site,
    report,
    range: parseRange(params.get('range')),
    compare: text('compare'),
    by: ['hour', 'day', 'week', 'month'].includes(by) ? (by as Bucket) : '',
    metric: text('metric'),
    filter: parseFilter(params.getAll('filter')),
    own: Object.fromEntries([...params].filter(([name]) => !SHARED.has(name))),
    frame: { share: text('share'), theme: text('theme'), background: text('background'), lang: text('lang') },
  };
}

function partsOf(pathname: string): [site: string, report: string] {
  const [, site = '', report = ''] = /^\/s\/([^/]+)\/?([^/]*)\/?$/.exec(pathname) ?? [];
  try {
    return [decodeURIComponent(site), decodeURIComponent(report)];
  } catch {
    return ['', ''];
  }
}

/** The address of a view; defaults are left out. */
export function formatAddress({ site, report, range, compare, by, metric, filter, own, frame }: View): string {
  const params = new URLSearchParams();
  const set = (name: string, value: string) => void (value && params.set(name, value));
  if (site) {
    if (range !== DEFAULT_RANGE) params.set('range', range);
    set('compare', compare);
    set('by', by);
    set('metric', metric);
    for (const text of filter ? formatFilter(filter) : []) params.append('filter', text);
    for (const [name, value] of Object.entries(own)) set(name, value);
  }
  for (const name of FRAME) set(name, frame[name]);
  // Readable addresses: colons and slashes need no escape in a query.
  const search = params.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
  const path = site ? `/s/${encodeURIComponent(site)}${report && `/${report}`}` : '/';
  return path + (search && `?${search}`);
}
