import { expect, test } from 'vitest';
import { propsOf } from './actions.ts';

test('only data-hc-prop-* attributes become properties', () => {
  const attributes = [
    { name: 'class', value: 'button' },
    { name: 'data-hc-event', value: 'signup' },
    { name: 'data-hc-prop-plan', value: 'pro' },
    { name: 'data-hc-prop-billing-cycle', value: 'yearly' },
  ];
  expect(propsOf(attributes)).toEqual({ plan: 'pro', 'billing-cycle': 'yearly' });
});
