import { expect, test } from 'vitest';
import { nameFor } from './names.ts';

test('countries and languages are written in the reader’s language', () => {
  expect(nameFor('country', 'DE', 'en')).toEqual({ text: 'Germany', code: 'DE' });
  expect(nameFor('country', 'DE', 'fr')).toEqual({ text: 'Allemagne', code: 'DE' });
  expect(nameFor('language', 'pt', 'en')).toEqual({ text: 'Portuguese', code: 'pt' });
});

test('codes nobody knows are shown as they are', () => {
  expect(nameFor('country', '??', 'en')).toEqual({ text: '??', code: '??' });
  expect(nameFor('country', 'ZZZZ', 'en').text).toBe('ZZZZ');
});

test('folded rows are readable and explain themselves', () => {
  const texts = ['(other)', '(more)', '(direct)', '(redacted)', ''].map((value) => nameFor('text', value, 'en'));
  expect(texts.map(({ text }) => text)).toEqual(['Other', 'More values', 'Direct', 'Redacted', 'Not set']);
  expect(texts.every(({ note }) => note)).toBe(true);
});

test('paths and plain values stay untouched', () => {
  expect(nameFor('path', '/blog/:id', 'en')).toEqual({ text: '/blog/:id' });
  expect(nameFor('text', 'constructor', 'en')).toEqual({ text: 'constructor' });
});
