import { afterEach, expect, test } from 'vitest';
import { language } from '../text/catalogue.ts';
import { nameFor } from './names.ts';

afterEach(() => void (language.value = 'en'));

test('countries and languages are written in the reader’s language', () => {
  expect(nameFor('visit:country', 'DE')).toEqual({ text: 'Germany', code: 'DE' });
  expect(nameFor('visit:language', 'pt')).toEqual({ text: 'Portuguese', code: 'pt' });
  language.value = 'fr';
  expect(nameFor('visit:country', 'DE')).toEqual({ text: 'Allemagne', code: 'DE' });
});

test('codes nobody knows are shown as they are', () => {
  expect(nameFor('visit:country', '??')).toEqual({ text: '??', code: '??' });
  expect(nameFor('visit:country', 'ZZZZ').text).toBe('ZZZZ');
});

test('folded rows are readable and explain themselves', () => {
  const texts = ['(other)', '(more)', '(direct)', '(redacted)', ''].map((value) => nameFor('visit:source', value));
  expect(texts.map(({ text }) => text)).toEqual(['Other', 'More values', 'Direct / none', 'Redacted', 'Not set']);
  expect(texts.every(({ note }) => note)).toBe(true);
});

test('places say their country', () => {
  expect(nameFor('visit:region', 'DE-Bavaria')).toEqual({ text: 'Bavaria', code: 'DE' });
  expect(nameFor('visit:city', 'DE-Bavaria/Munich')).toEqual({ text: 'Munich', code: 'DE' });
  expect(nameFor('visit:city', 'Atlantis')).toEqual({ text: 'Atlantis' });
});

test('paths and plain values stay untouched', () => {
  expect(nameFor('event:page', '/blog/:id')).toEqual({ text: '/blog/:id' });
  expect(nameFor('visit:source', 'constructor')).toEqual({ text: 'constructor' });
});
