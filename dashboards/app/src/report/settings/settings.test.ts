import { expect, test } from 'vitest';
import type { Site } from '../../api/schema.ts';
import { draftOf, patchOf, refusedField, wrongOf } from './site.ts';
import { frameOf, pixelOf, tagOf } from './snippet.ts';

test('the tag has the chosen options, in one order', () => {
  expect(tagOf('https://stats.example', 'demo', [])).toBe('<script defer src="https://stats.example/hc.js" data-site="demo"></script>');
  expect(tagOf('https://stats.example', 'demo', ['data-cohorts', 'data-hash'])).toBe(
    '<script defer src="https://stats.example/hc.js" data-site="demo" data-hash data-cohorts></script>',
  );
});

test('the pixel names the site', () => {
  expect(pixelOf('https://stats.example', 'demo')).toContain('src="https://stats.example/n.gif?site=demo"');
});

test('a frame says theme, background and language, as HTML wants it', () => {
  const url = 'https://stats.example/s/demo?share=hc_s_1';
  expect(frameOf(url, 'demo', { theme: '', background: '', lang: '' })).toContain(`src="${url}"`);
  expect(frameOf(url, 'demo', { theme: 'dark', background: '#fff', lang: 'de' })).toContain(`src="${url}&amp;theme=dark&amp;background=%23fff&amp;lang=de"`);
});

const SITE: Site = {
  id: 'demo',
  accept: [],
  crossings: 'all',
  domains: ['example.org'],
  excluded_paths: [],
  filter_properties: ['plan'],
  min_visitors: 5,
  numbers: [],
  retention_months: 25,
  strict: false,
  timezone: 'UTC',
};

test('only what was changed is sent', () => {
  const draft = draftOf(SITE);
  expect(patchOf(SITE, draft)).toBeUndefined();
  expect(patchOf(SITE, { ...draft, domains: ' example.org \n\n' })).toBeUndefined();
  expect(patchOf(SITE, { ...draft, min_visitors: '10', numbers: 'price\nprice\n size' })).toEqual({ min_visitors: 10, numbers: ['price', 'size'] });
  expect(patchOf(SITE, { ...draft, crossings: ['goal', 'page'] })).toEqual({ crossings: ['page', 'goal'] });
  expect(patchOf({ ...SITE, crossings: [] }, draft)).toEqual({ crossings: 'all' });
});

test('what the server would refuse is said before', () => {
  const draft = draftOf(SITE);
  expect(wrongOf(draft)).toEqual({});
  expect(wrongOf({ ...draft, excluded_paths: '/ok\nno', numbers: 'a=b', filter_properties: 'ü'.repeat(17) })).toEqual({ excluded_paths: 'pattern', numbers: 'key', filter_properties: 'key' });
  const many = (count: number) => Array.from({ length: count }, (_, i) => `/${i}`).join('\n');
  expect(wrongOf({ ...draft, excluded_paths: many(51), numbers: many(21) })).toEqual({ excluded_paths: 'patterns', numbers: 'keys' });
});

test('a refusal belongs to its field, or to the form when more than one may be meant', () => {
  expect(refusedField('bad_timezone', { timezone: 'x', domains: [] })).toBe('timezone');
  expect(refusedField('bad_setting', { timezone: 'UTC', numbers: ['plan'] })).toBe('numbers');
  expect(refusedField('bad_setting', { numbers: ['plan'], crossings: [] })).toBeUndefined();
  expect(refusedField('wrong_role', { numbers: ['plan'] })).toBeUndefined();
});

test('a token of a client names its product; its refusal stands at its field', () => {
  const wrong = (accept: string) => wrongOf({ ...draftOf(SITE), accept });
  expect([wrong(''), wrong('ga4:G-1\n matomo:7 '), wrong('ga4:'), wrong('google:1'), wrong('ga4:a b')]).toEqual([{}, {}, { accept: 'token' }, { accept: 'token' }, { accept: 'token' }]);
  expect(patchOf(SITE, { ...draftOf(SITE), accept: 'ga4:G-1' })).toEqual({ accept: ['ga4:G-1'] });
  expect(refusedField('accept_taken', {})).toBe('accept');
});
