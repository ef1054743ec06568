/** That the search for marks and ids finds them, in every spelling. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { MARK, idsIn, idsSent, marksIn } from './marks.mjs';

const UUID = '0b7c2f4e-5b3d-4c1e-9a70-1234567890ab';

test('a mark is found in every spelling', () => {
  const whole = Buffer.from(`jane.${MARK}@mail.test`);
  const percent = [...whole].map((byte) => `%${byte.toString(16)}`).join('');
  const base64 = ['', '1', '22'].map((before) => Buffer.from(`${before}${whole}..`).toString('base64'));
  for (const place of [whole, MARK.toUpperCase(), percent, whole.toString('hex').toUpperCase(), ...base64]) {
    assert.equal(marksIn(Buffer.from(`\xff\0${place} x`, 'latin1')).length, 1, `${place}`);
  }
  assert.deepEqual(marksIn(Buffer.from('jane.zqother@mail.test')), []);
});

test('ids are found however a client packs them', () => {
  const body = JSON.stringify([{ id: UUID, 'other id': '0123456789abcdef', short: 'abc123' }]);
  const packed = [body, encodeURIComponent(body), `data=${encodeURIComponent(btoa(body))}`, gzipSync(body)];
  for (const bytes of packed) {
    assert.deepEqual([...idsSent(Buffer.from(bytes))].filter((id) => id.length < 40), [UUID, '0123456789abcdef']);
  }
  assert.deepEqual([...idsIn(Buffer.from(`\0\0${UUID.toUpperCase()}\0`, 'latin1'))], [UUID]);
});
