import { expect, test } from 'vitest';
import { ApiError } from '../api/fetch.ts';
import { loader } from './load.ts';

test('data stay while their successor is loaded', async () => {
  const { state, load } = loader<number>();
  await load(async () => 1, 'forget');
  const second = load(async () => 2, 'stale');
  expect(state.value).toEqual({ data: 1, stale: true });
  await second;
  expect(state.value).toEqual({ data: 2, stale: false });
});

test('an answer that was overtaken is ignored', async () => {
  const { state, load } = loader<number>();
  let answer = (_: number): void => {};
  const slow = new Promise<number>((resolve) => (answer = resolve));
  const first = load((signal) => {
    signal.addEventListener('abort', () => answer(1));
    return slow;
  }, 'forget');
  await load(async () => 2, 'stale');
  await first;
  expect(state.value).toEqual({ data: 2, stale: false });
});

test('a failure keeps the old data and says why', async () => {
  const { state, load } = loader<number>();
  await load(async () => 1, 'forget');
  const failure = new ApiError(503, 'overload', 'Try later.');
  await expect(load(() => Promise.reject(failure), 'fresh')).rejects.toBe(failure);
  expect(state.value).toEqual({ data: 1, stale: false, error: failure });
});
