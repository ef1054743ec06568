import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, { version: string; integrity?: string; resolved?: string }>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');

test('the lock file pins every package by its content and names no registry', () => {
  expect(locked.length).toBeGreaterThan(20);
  expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test('the engine is the version that can listen', () => {
  expect(packages['node_modules/@chdb/lib-linux-x64-gnu']?.version).toBe('26.7.3-stable.1');
});
