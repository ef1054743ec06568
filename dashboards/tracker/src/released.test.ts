import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../released/', import.meta.url);

/** SHA-384 of every released tracker, as a page would pin it. A changed line here is a broken promise. */
const FROZEN = {
  'hc.v1.js': 
    'sha384-I+msX3X8DfwcUKCgIlC7FuahlGjvIHlfnm3DbfHAm9Wk+tHm6qjLcNnqRzt2f8tI',
};

test('released trackers have not changed by a byte', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const hashes = files.map((name) => [
    name,
    `sha384-${createHash('sha384').update(readFileSync(new URL(name, folder))).digest('base64')}`,
  ]);
  expect(Object.fromEntries(hashes)).toEqual(FROZEN);
});
