/** One thing that is loaded: its last data, whether they are old, and why they could not be renewed. */
import { signal, type Signal } from '@preact/signals';
import { ApiError } from '../api/fetch.ts';

export interface Loaded<T> {
  data?: T | undefined;
  /** The data belong to another range or tab than the one chosen now. */
  stale: boolean;
  error?: ApiError | undefined;
}

export interface Loader<T> {
  state: Signal<Loaded<T>>;
  /** Loads; an earlier load that still runs is given up. `forget` drops what is shown at once. */
  load(read: (signal: AbortSignal) => Promise<T>, keep: 'fresh' | 'stale' | 'forget'): Promise<void>;
}

export function loader<T>(): Loader<T> {
  const state = signal<Loaded<T>>({ stale: false });
  let running: AbortController | undefined;

  return {
    state,
    async load(read, keep) {
      running?.abort();
      const mine = new AbortController();
      running = mine;
      if (keep === 'forget') state.value = { stale: false };
      if (keep === 'stale') state.value = { ...state.value, stale: true, error: undefined };
      try {
        const data = await read(mine.signal);
        if (running === mine) state.value = { data, stale: false };
      } catch (error) {
        if (running !== mine) return;
        const known = error instanceof ApiError ? error : new ApiError(0, 'unexpected', 'The answer could not be read.');
        state.value = { ...state.value, error: known };
        throw known;
      }
    },
  };
}
