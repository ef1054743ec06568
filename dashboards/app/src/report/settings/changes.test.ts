import { expect, test } from 'vitest';
import type { Change } from '../../api/schema.ts';
import { factsOf, whatOf, whoOf } from './changes.ts';

const change = (what: string, detail: string, about = 'demo'): Change => ({ at: '2026-11-20T10:59:00Z', who: 'owner', what, about, site: 'demo', detail });
const said = (what: string, detail: string, older: Change[] = [], about?: string) => factsOf(change(what, detail, about), older).map(({ name, value }) => (name ? `${name} = ${value}` : value));

const PLAIN = 'domains: every host; time zone: UTC; minimum: 5 visitors; accepts: nothing';

test('what was done and by whom is said in words, and in the server’s where we have none', () => {
  expect(['site_edited', 'rocket_launched'].map((what) => whatOf({ what }))).toEqual(['Site changed', 'rocket launched']);
  expect(['key k1', 'cli', 'server', 'owner'].map((who) => whoOf({ who }))).toEqual(['key k1', 'command line', 'the collector', 'owner']);
});

test('a new site says how it is set', () => {
  expect(said('site_added', `${PLAIN}; strict; kept: 3 months; crossings: page utm_campaign; filter properties: none; numbers: price; not counted: /a /b`)).toEqual([
    'Domains = every host',
    'Time zone = UTC',
    'Smallest group (k) = 5',
    'Clients of other products = nothing',
    'Strict = yes',
    'Months kept = 3',
    'Filters = Pages, Campaigns',
    'Properties to filter by = none',
    'Numbers = price',
    'Pages that are not counted = /a /b',
  ]);
});

test('a change of a site says what is other than before, and what is the default again', () => {
  const before = [change('goal_added', 'a: page /'), change('site_edited', `${PLAIN}; strict`), change('site_added', PLAIN)];
  expect(said('site_edited', PLAIN.replace('5 visitors', '9 visitors'), before)).toEqual(['Smallest group (k) = 9', 'Strict = the default']);
  // The change before is not in the list, or says nothing we know.
  expect(said('site_edited', `${PLAIN}; strict`)).toHaveLength(5);
  expect(said('site_edited', PLAIN, [change('site_added', 'of old')])).toHaveLength(4);
});

test('of what we do not know the server’s words are shown', () => {
  for (const detail of [`${PLAIN}; colour: red`, 'with its keys, links and rights']) expect(said('site_edited', detail)).toEqual([detail]);
  expect(said('goal_added', 'signup')).toEqual(['signup']);
  expect(said('funnel_removed', 'f1')).toEqual(['f1']);
  expect(said('rocket_launched', '')).toEqual([]);
});

test('goals, keys, links and imports', () => {
  expect(said('goal_added', 'Read: page /docs/**')).toEqual(['Read', 'Page = /docs/**']);
  expect(said('goal_added', 'Team: event signup with plan=team')).toEqual(['Team', 'Event = signup', 'plan=team']);
  expect(said('key_created', 'read for demo', [], 'k7')).toEqual(['k7 = Ask for numbers']);
  expect([whatOf({ what: 'key_renewed' }), ...said('key_renewed', 'write for demo', [], 'k8')]).toEqual(['Key renewed', 'k8 = Send events']);
  expect(said('share_added', 's1 Press, with a password')).toEqual(['Press, with password']);
  expect(said('import_began', 'i1: ga4')).toEqual(['Google Analytics 4 (BigQuery)']);
  expect(said('import_ended', 'i1: combined 48210 events')).toEqual(['nginx, Apache (combined), 48,210 events']);
  expect(said('import_ended', 'i1: newest 3 events')).toEqual(['newest, 3 events']);
  expect(said('funnel_added', 'f1 Shop: day one: Cart > Paid')).toEqual(['Shop: day one: Cart > Paid']);
  expect(said('annotation_edited', 'a1 2026-11-20: New prices: lower')).toEqual(['Fri, Nov 20, 2026 = New prices: lower']);
});

test('what is gone is called what it was called, where that is known', () => {
  const older = [
    change('annotation_edited', 'a1 2026-11-20: New prices'),
    change('annotation_added', 'a1 2026-11-19: Prices'),
    change('share_added', 's1 Press'),
    change('funnel_added', 'f12 Other: A > B'),
    change('funnel_added', 'f1 Shop: Cart > Paid'),
    change('import_ended', 'i1: combined 48210 events'),
    change('import_began', 'i1: combined'),
  ];
  expect(said('funnel_removed', 'f1', older)).toEqual(['Shop: Cart > Paid']);
  expect(said('share_removed', 's1', older)).toEqual(['Press']);
  expect(said('annotation_removed', 'a1', older)).toEqual(['Fri, Nov 20, 2026 = New prices']);
  expect(said('import_removed', 'i1', older)).toEqual(['nginx, Apache (combined), 48,210 events']);
  expect(said('share_removed', 's2', older)).toEqual(['s2']);
  expect(said('goal_removed', 'Signed up', older)).toEqual(['Signed up']);
});

test('keys are called what their label says', () => {
  const keys = new Map([['k7', 'Nightly report']]);
  const [made, other] = ['k7', 'k8'].map((id) => factsOf(change('key_created', 'read for demo', id), [], keys)[0]?.name);
  expect([made, other, whoOf({ who: 'key k7' }, keys), whoOf({ who: 'key k8' }, keys)]).toEqual(['Nightly report', 'k8', 'key Nightly report', 'key k8']);
});
