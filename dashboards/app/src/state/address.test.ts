import { expect, test } from 'vitest';
import { formatAddress, parseAddress } from './address.ts';

test.each([
  ['/s/demo', '', { site: 'demo', range: '28d', tabs: {} }],
  ['/s/shop.example.org/', '?range=day', { site: 'shop.example.org', range: 'day', tabs: {} }],
  ['/s/a%20b', '?range=2026-01-01..2026-01-31', { site: 'a b', range: '2026-01-01..2026-01-31', tabs: {} }],
  ['/s/demo', '?pages=section&devices=os', { site: 'demo', range: '28d', tabs: { pages: 'section', devices: 'os' } }],
  ['/', '', { site: '', range: '28d', tabs: {} }],
  ['/s/%E0%A4%A', '?range=nonsense&pages=nonsense&x=1', { site: '', range: '28d', tabs: {} }],
])('%s%s', (pathname, search, view) => {
  expect(parseAddress(pathname, search)).toEqual(view);
});

test('a view survives the way through its address', () => {
  const view = { site: 'shop/örg', range: '2026-01-01..2026-01-31', tabs: { sources: 'channel', devices: 'screen' } };
  const url = new URL(formatAddress(view), 'http://localhost');
  expect(parseAddress(url.pathname, url.search)).toEqual(view);
  expect(formatAddress({ site: 'demo', range: '28d', tabs: { pages: 'page' } })).toBe('/s/demo');
});
