/** The lists of the dashboard: what each one groups by and which numbers it shows. */
import type { Measure } from '../api/types.ts';
import type { ValueKind } from '../format/names.ts';

/** What a list shows beside its names; `share` is the first column as a part of all visitors. */
export type Column = Measure | 'share';

export interface Tab {
  id: string;
  label: string;
  dimension: string;
  /** How values are written for people. */
  kind: ValueKind;
}

export interface Panel {
  id: string;
  title: string;
  /** At least one; the first is shown when the address names none. */
  tabs: readonly [Tab, ...Tab[]];
  /** The first one orders the list and draws the bars. */
  columns: readonly [Measure, Column];
  /** What an empty list says. */
  empty: string;
}

const tab = (id: string, label: string, dimension: string, kind: ValueKind = 'text'): Tab => ({
  id,
  label,
  dimension,
  kind,
});

export const PANELS: readonly Panel[] = [
  {
    id: 'pages',
    title: 'Pages',
    tabs: [tab('page', 'Pages', 'event:page', 'path'), tab('section', 'Sections', 'event:section', 'path')],
    columns: ['visitors', 'pageviews'],
    empty: 'No page was viewed in this period.',
  },
  {
    id: 'sources',
    title: 'Sources',
    tabs: [
      tab('source', 'Sources', 'visit:source'),
      tab('channel', 'Channels', 'visit:channel'),
      tab('campaign', 'Campaigns', 'visit:utm_campaign'),
    ],
    columns: ['visitors', 'pageviews'],
    empty: 'Nobody came from here in this period.',
  },
  {
    id: 'features',
    title: 'Features',
    tabs: [tab('event', 'Features', 'event:name')],
    columns: ['events', 'visitors'],
    empty: 'No feature was used in this period. Send one with data-hc-event or headcount(…).',
  },
  {
    id: 'countries',
    title: 'Countries',
    tabs: [tab('country', 'Countries', 'visit:country', 'country')],
    columns: ['visitors', 'share'],
    empty: 'No country is known for this period.',
  },
  {
    id: 'devices',
    title: 'Devices',
    tabs: [
      tab('browser', 'Browsers', 'visit:browser'),
      tab('os', 'Systems', 'visit:os'),
      tab('device', 'Devices', 'visit:device'),
      tab('screen', 'Screens', 'visit:screen'),
    ],
    columns: ['visitors', 'share'],
    empty: 'Nothing is known about devices in this period.',
  },
  {
    id: 'languages',
    title: 'Languages',
    tabs: [tab('language', 'Languages', 'visit:language', 'language')],
    columns: ['visitors', 'share'],
    empty: 'No language is known for this period.',
  },
];

export const COLUMN_LABELS: Record<Column, string> = {
  visitors: 'Visitors',
  pageviews: 'Views',
  events: 'Uses',
  share: 'Share',
};
