/** The lists of the traffic report: what each groups by and which numbers it shows. */
import type { ListTab } from '../../part/ListCard.tsx';
import type { Filter } from '../../state/filter.ts';
import { MapPicture } from './MapPicture.tsx';
import { tt } from './text.ts';

export interface Panel {
  name: string;
  title: string;
  tabs: readonly [ListTab, ...ListTab[]];
}

const event = (name: string): Filter => ({ dimension: 'event:name', operator: 'is', values: [name] });

export function panels(): Panel[] {
  const s = tt();
  return [
    {
      name: 'pages',
      title: s.pages,
      tabs: [
        { id: 'top', label: s.topPages, dimension: 'event:page', measures: ['visitors', 'pageviews'] },
        { id: 'entry', label: s.entryPages, dimension: 'visit:entry_page', measures: ['visitors', 'visits'] },
        { id: 'exit', label: s.exitPages, dimension: 'visit:exit_page', measures: ['visitors', 'visits'] },
        { id: 'section', label: s.sections, dimension: 'event:section', measures: ['visitors', 'pageviews'] },
      ],
    },
    {
      name: 'sources',
      title: s.sources,
      tabs: [
        { id: 'source', label: s.sources, dimension: 'visit:source' },
        { id: 'channel', label: s.channels, dimension: 'visit:channel' },
        { id: 'referrer', label: s.referrers, dimension: 'visit:referrer' },
        { id: 'campaign', label: s.campaigns, dimension: 'visit:utm_campaign', empty: s.noCampaigns },
        { id: 'utm_source', label: s.utmSource, dimension: 'visit:utm_source', empty: s.noCampaigns },
        { id: 'utm_medium', label: s.utmMedium, dimension: 'visit:utm_medium', empty: s.noCampaigns },
        { id: 'utm_content', label: s.utmContent, dimension: 'visit:utm_content', empty: s.noCampaigns },
        { id: 'utm_term', label: s.utmTerm, dimension: 'visit:utm_term', empty: s.noCampaigns },
      ],
    },
    {
      name: 'places',
      title: s.places,
      tabs: [
        { id: 'map', label: s.map, dimension: 'visit:country', picture: () => <MapPicture /> },
        { id: 'country', label: s.countries, dimension: 'visit:country', empty: s.noPlaces },
        { id: 'region', label: s.regions, dimension: 'visit:region', empty: s.noFiner },
        { id: 'city', label: s.cities, dimension: 'visit:city', empty: s.noFiner },
      ],
    },
    {
      name: 'devices',
      title: s.devices,
      tabs: [
        { id: 'browser', label: s.browsers, dimension: 'visit:browser' },
        { id: 'browser_version', label: s.browserVersions, dimension: 'visit:browser_version' },
        { id: 'os', label: s.systems, dimension: 'visit:os' },
        { id: 'os_version', label: s.systemVersions, dimension: 'visit:os_version' },
        { id: 'device', label: s.deviceTypes, dimension: 'visit:device' },
        { id: 'screen', label: s.screens, dimension: 'visit:screen' },
      ],
    },
    {
      name: 'languages',
      title: s.languages,
      tabs: [{ id: 'language', label: s.languages, dimension: 'visit:language' }],
    },
    {
      name: 'actions',
      title: s.actions,
      tabs: [
        { ...action('outbound', s.outbound, 'event:props:to', s.noOutbound), instead: whole('outbound', s.outbound, 'to', s.noOutbound) },
        { ...action('download', s.downloads, 'event:props:to', s.noDownloads), instead: whole('download', s.downloads, 'to', s.noDownloads) },
        { ...action('form', s.forms, 'event:props:form', s.noForms), instead: whole('form', s.forms, 'form', s.noForms) },
        action('404', s.notFound, 'event:page', s.noNotFound),
      ],
    },
  ];
}

/**
 * Properties are looked at by the name of their event only where the owner listed their key. Otherwise: every value of the
 * key, whatever the event. Under a filter not even that is kept, and the list says so.
 */
const whole = (name: string, label: string, key: string, empty: string): ListTab => ({
  id: name,
  label,
  dimension: `event:props:${key}`,
  column: label,
  measures: ['visitors', 'events'],
  ...(key === 'to' && { note: tt().toTogether }),
  empty,
});

/** The tracker counts an action as an event of that name; where it led to is a property, or the page it happened on. */
const action = (name: string, label: string, dimension: string, empty: string): ListTab => ({
  id: name,
  label,
  dimension,
  ...(dimension.startsWith('event:props:') && { column: label }),
  measures: ['visitors', 'events'],
  filter: event(name),
  empty,
});
