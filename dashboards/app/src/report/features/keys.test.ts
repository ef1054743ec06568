import { expect, test } from 'vitest';
import { keysOf } from './keys.ts';

const META = { suppressed: { rows: 0, visitors: 0, events: 0 }, visitors: 'daily_sum', timezone: 'UTC', date_range: [] };

test('keys that came with the feature stand first, those of other events apart and the ones to be listed before the others, numbers and unseen ones nowhere', () => {
  const row = (key: string, events: number, of_event: number | null, kind: 'text' | 'number' = 'text') => ({ key, kind, events, values: 1, of_event });
  const properties = [row('step', 50, 0), row('method', 30, null), row('plan', 20, 4), row('took_ms', 19, 19, 'number'), row('size', 12, 8), row('unseen', 0, 0)];
  expect(keysOf({ properties, meta: META })).toEqual({ sent: ['size', 'plan'], others: ['method', 'step'] });
});
