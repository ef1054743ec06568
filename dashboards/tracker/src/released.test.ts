import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../released/', import.meta.url);

/** SHA-384 of every released tracker, as a page would pin it. A changed line here is a broken promise. */
const FROZEN = {
  'hc.v1.cohorts.js': 'sha384-M7tv7hnjxIsG3mwX7owAnIIXf9lzVu5HZQCGj59b2b5gohfU9oEmjrBHQ6ReTKUt',
  'hc.v1.js': 'sha384-7iZpuShTyVbmlGyw0kh0dFu5Z16yH8TmfG0kw8neysYGBjEoFrLdjPUzpS7iPXr4',
};

test('released trackers have not changed by a byte', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const hashes = files.map((name) => [
    name,
    `sha384-${createHash('sha384').update(readFileSync(new URL(name, folder))).digest('base64')}`,
  ]);
  expect(Object.fromEntries(hashes)).toEqual(FROZEN);
});
