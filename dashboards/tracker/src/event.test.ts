import { afterEach, expect, test, vi } from 'vitest';
import { fieldsOf, isIgnored, propsOf } from './event.ts';

afterEach(() => vi.unstubAllGlobals());

test('options are props and revenue, or the properties themselves', () => {
  const revenue = { amount: 9.5, currency: 'EUR' };
  expect(fieldsOf()).toEqual({});
  expect(fieldsOf({ props: { plan: 'pro' } })).toEqual({ props: { plan: 'pro' } });
  expect(fieldsOf({ revenue })).toEqual({ revenue });
  expect(fieldsOf({ props: { plan: 'pro' }, revenue })).toEqual({ props: { plan: 'pro' }, revenue });
  expect(fieldsOf({ plan: 'pro', seats: 3 })).toEqual({ props: { plan: 'pro', seats: 3 } });
});

test('only data-hc-prop-* attributes become properties', () => {
  const attributes = [
    { name: 'class', value: 'button' },
    { name: 'data-hc-event', value: 'signup' },
    { name: 'data-hc-prop-plan', value: 'pro' },
    { name: 'data-hc-prop-billing-cycle', value: 'yearly' },
  ];
  expect(propsOf({ attributes } as unknown as Element)).toEqual({ plan: 'pro', 'billing-cycle': 'yearly' });
});

test.each([
  [null, false],
  ['', false],
  ['false', false],
  ['true', true],
  ['1', true],
])('headcount_ignore = %j opts out: %j', (value, ignored) => {
  vi.stubGlobal('localStorage', { getItem: () => value });
  expect(isIgnored()).toBe(ignored);
});

test('forbidden storage is no opt-out and no error', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('SecurityError');
    },
  });
  expect(isIgnored()).toBe(false);
});
