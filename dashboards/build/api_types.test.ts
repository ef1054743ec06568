import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { apiTypes, TARGET } from './api_types.mjs';

test('the types of the API are those of the OpenAPI document; `npm run api` writes them anew', async () => {
  expect(await readFile(TARGET, 'utf8')).toBe(await apiTypes());
});
