import { expect, test } from 'vitest';
import { canFilter, formatFilter, measuresOf, parseFilter, toApi } from './filter.ts';

test('a filter is read as it is written', () => {
  const filter = parseFilter(['visit:country:is:DE', 'visit:country:is:FR', 'visit:os:is:Linux']);
  expect(filter).toEqual({ dimension: 'visit:country', operator: 'is', values: ['DE', 'FR'] });
  expect(formatFilter(filter!)).toEqual(['visit:country:is:DE', 'visit:country:is:FR']);
  expect(toApi(filter)).toEqual([['is', 'visit:country', ['DE', 'FR']]]);
  expect(toApi(undefined)).toEqual([]);
});

test.each([[[]], [['']], [['visit:country']], [['visit:country:likes:DE']]])('%j is no filter', (texts) => {
  expect(parseFilter(texts)).toBeUndefined();
});

test('values may hold what separates', () => {
  const written = ['event:page:contains:/a:is:b'];
  // The first operator ends the dimension.
  expect(parseFilter(written)).toEqual({ dimension: 'event:page', operator: 'contains', values: ['/a:is:b'] });
});

test('what visits were is not asked of pages', () => {
  const page = { dimension: 'event:page', operator: 'is' as const, values: ['/'] };
  expect(measuresOf(undefined, undefined)).toContain('visit_duration');
  expect(measuresOf(undefined, page)).not.toContain('visit_duration');
  expect(measuresOf('event:page', undefined)).not.toContain('views_per_visit');
  expect(measuresOf('visit:exit_page', undefined)).toEqual(['visitors', 'visits']);
  expect(measuresOf('event:goal', undefined)).toContain('conversion_rate');
});

test('places finer than countries cannot be filtered by', () => {
  const dimensions = ['visit:country', 'event:props:plan', 'visit:city', 'visit:exit_page'];
  expect(dimensions.map(canFilter)).toEqual([true, true, false, false]);
});
