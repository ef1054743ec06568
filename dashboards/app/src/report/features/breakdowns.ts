/** By what a feature is broken down. A click on a value shows which features those visitors use. */
import type { ListTab } from '../../part/ListCard.tsx';
import type { Filter } from '../../state/filter.ts';
import * as store from '../../state/store.ts';
import { ft } from './text.ts';

interface Breakdown {
  name: string;
  title: string;
  tabs: [ListTab, ...ListTab[]];
}

export const byName = (name: string): Filter => ({ dimension: 'event:name', operator: 'is', values: [name] });

/** The list of features, of those visitors only. */
export function showUsersOf(dimension: string, value: string): void {
  store.go({ own: {}, metric: '', filter: { dimension, operator: 'is', values: [value] } });
  scrollTo(0, 0);
}

export function breakdowns(name: string): Breakdown[] {
  const s = ft();
  const tab = (id: string, label: string, dimension: string, empty?: string): ListTab => ({
    id,
    label,
    dimension,
    measures: ['visitors', 'events'],
    filter: byName(name),
    choose: (value) => showUsersOf(dimension, value),
    ...(empty && { empty }),
  });
  return [
    { name: 'pages', title: s.pages, tabs: [tab('page', s.pages, 'event:page', s.noPages)] },
    {
      name: 'sources',
      title: s.sources,
      tabs: [
        tab('source', s.sources, 'visit:source'),
        tab('channel', s.channels, 'visit:channel'),
        tab('campaign', s.campaigns, 'visit:utm_campaign'),
      ],
    },
    {
      name: 'places',
      title: s.places,
      tabs: [tab('country', s.countries, 'visit:country'), tab('region', s.regions, 'visit:region'), tab('city', s.cities, 'visit:city')],
    },
    {
      name: 'devices',
      title: s.devices,
      tabs: [tab('device', s.deviceTypes, 'visit:device'), tab('os', s.systems, 'visit:os'), tab('browser', s.browsers, 'visit:browser')],
    },
    {
      name: 'apps',
      title: s.apps,
      tabs: [tab('version', s.versions, 'app:version', s.noApps), tab('install', s.installs, 'app:install_source', s.noApps)],
    },
  ];
}
