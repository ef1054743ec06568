import { expect, test } from 'vitest';
import { formatAddress, parseAddress, type View } from './address.ts';

const FRAME = { share: '', theme: '', background: '', lang: '' };
const VIEW: View = { site: 'demo', report: '', range: '28d', compare: '', by: '', metric: '', filter: undefined, own: {}, frame: FRAME };

test.each<[string, string, Partial<View>]>([
  ['/s/demo', '', {}],
  ['/s/shop.example.org/', '?range=day', { site: 'shop.example.org', range: 'day' }],
  ['/s/a%20b/features', '?range=2026-01-01..2026-01-31', { site: 'a b', report: 'features', range: '2026-01-01..2026-01-31' }],
  ['/s/demo', '?pages=section&devices=os', { own: { pages: 'section', devices: 'os' } }],
  ['/s/demo', '?by=week&metric=visits&compare=year_over_year', { by: 'week', metric: 'visits', compare: 'year_over_year' }],
  ['/s/demo', '?by=century', {}],
  ['/s/demo', '?share=abc&theme=dark&background=transparent', { frame: { ...FRAME, share: 'abc', theme: 'dark', background: 'transparent' } }],
  ['/', '', { site: '' }],
  ['/sign-in', '?token=secret', { site: '' }],
  ['/s/%E0%A4%A', '?range=nonsense', { site: '' }],
])('%s%s', (pathname, search, view) => {
  expect(parseAddress(pathname, search)).toEqual({ ...VIEW, ...view });
});

test('a view survives the way through its address', () => {
  const view: View = {
    ...VIEW,
    site: 'shop/örg',
    report: 'funnels',
    range: '2026-01-01..2026-01-31',
    filter: { dimension: 'event:props:a:b', operator: 'is', values: ['x & y', 'is:z'] },
    own: { funnel: 'f 1' },
    frame: { ...FRAME, theme: 'dark' },
  };
  const url = new URL(formatAddress(view), 'http://localhost');
  expect(parseAddress(url.pathname, url.search)).toEqual(view);
});

test('addresses are short and readable', () => {
  expect(formatAddress(VIEW)).toBe('/s/demo');
  const filter = { dimension: 'event:page', operator: 'is' as const, values: ['/pricing'] };
  expect(formatAddress({ ...VIEW, filter })).toBe('/s/demo?filter=event:page:is:/pricing');
  expect(formatAddress({ ...VIEW, site: '', range: 'day' })).toBe('/');
});
