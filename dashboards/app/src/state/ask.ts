/**
 * Asking and remembering: every answer is kept by its question, shown at once when it is asked again, and renewed when
 * the numbers have moved. Components ask by hooks; what they no longer show is given up.
 */
import { signal, type Signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ask } from '../api/batch.ts';
import type { Answer, Question } from '../api/query.ts';
import { known, read, type ApiError } from '../api/request.ts';
import { trouble } from './store.ts';

/** Counts how often the numbers have moved since the page was opened. */
export const moved = signal(0);

export interface Asked<T> {
  data: T | undefined;
  /** The data answer the question before this one. */
  stale: boolean;
  error: ApiError | undefined;
  again(): void;
}

interface Memory<T> {
  state: Signal<{ data?: T | undefined; error?: ApiError | undefined }>;
  /** `moved` when the answer came. */
  asOf: number;
  users: number;
  running?: AbortController | undefined;
}

/** Answers nobody looks at are kept for the way back, up to so many. */
const MOST_KEPT = 120;
const memories = new Map<string, Memory<unknown>>();

function memoryOf<T>(key: string): Memory<T> {
  const found = memories.get(key) ?? { state: signal({}), asOf: -1, users: 0 };
  // The one used last stands last.
  memories.delete(key);
  memories.set(key, found);
  for (const [other, { users }] of memories) {
    if (memories.size <= MOST_KEPT) break;
    if (users === 0 && other !== key) memories.delete(other);
  }
  return found as Memory<T>;
}

async function load<T>(memory: Memory<T>, reading: (signal: AbortSignal) => Promise<T>): Promise<void> {
  memory.running?.abort();
  const mine = new AbortController();
  memory.running = mine;
  const asOf = moved.peek();
  try {
    const data = await reading(mine.signal);
    if (memory.running !== mine) return;
    memory.asOf = asOf;
    memory.state.value = { data };
  } catch (error) {
    if (memory.running === mine && !mine.signal.aborted) fail(memory, known(error));
  } finally {
    if (memory.running === mine) {
      memory.running = undefined;
      // The numbers moved while the answer, or the failure, was on its way.
      if (memory.users > 0 && asOf !== moved.peek()) void load(memory, reading);
    }
  }
}

/** Keeps what was known. When nobody answered, the beat is told: it has everything asked anew once somebody does. */
function fail<T>(memory: Memory<T>, error: ApiError): void {
  memory.state.value = { ...memory.state.peek(), error };
  if (error.code === 'unreachable') trouble.value = error;
}

/**
 * Asks by `key`; nothing is asked while it is undefined. While another key's answer is on its way, the last one stays,
 * marked stale. Give the component another `key` prop to forget it instead.
 */
export function useAsk<T>(key: string | undefined, reading: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const memory = key === undefined ? undefined : memoryOf<T>(key);
  const last = useRef<T | undefined>(undefined);
  const now = moved.value;

  // Not `useEffect`: what one render asks must be asked in one go.
  useLayoutEffect(() => {
    if (!memory) return;
    memory.users += 1;
    return () => {
      memory.users -= 1;
      if (memory.users === 0) {
        memory.running?.abort();
        memory.running = undefined;
      }
    };
  }, [memory]);
  useLayoutEffect(() => {
    if (memory && memory.asOf !== now && !memory.running) void load(memory, reading);
  }, [memory, now]);

  const { data, error } = memory?.state.value ?? {};
  if (data !== undefined) last.current = data;
  return {
    data: data ?? last.current,
    stale: data === undefined && last.current !== undefined,
    error: data === undefined ? error : undefined,
    again: () => void (memory && load(memory, reading)),
  };
}

/** Asks a query; several asked by one render travel together. */
export const useQuery = (question: Question | undefined): Asked<Answer> =>
  useAsk(question && JSON.stringify(question), (signal) => ask(question!, signal));

/** Reads a path of the API. */
export const useRead = <T>(path: string | undefined): Asked<T> => useAsk<T>(path, (signal) => read<T>(path!, signal));

/** Forgets every answer: something was changed, or somebody else looks. */
export function forgetAll(): void {
  for (const [key, { users }] of memories) if (users === 0) memories.delete(key);
  moved.value = moved.peek() + 1;
}
