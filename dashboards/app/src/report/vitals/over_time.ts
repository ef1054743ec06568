/** The vitals of each span of the period. Spans that are over are asked once while the page is open. */
import type { DatePair } from '../../api/query.ts';
import { read } from '../../api/request.ts';
import type { VitalsAnswer } from '../../api/schema.ts';
import { useAsk, type Asked } from '../../state/ask.ts';
import type { Bucket } from '../../state/range.ts';
import { spanBucket, spansOf, type Span } from './spans.ts';

export interface OverTime {
  bucket: Bucket;
  spans: Span[];
  /** One per span. */
  answers: VitalsAnswer[];
}

/** Requests on their way at a time: the browser has six connections, and the server other things to do. */
const AT_ONCE = 3;
const over = new Map<string, VitalsAnswer>();

async function readSpan(base: string, { from, to }: Span, today: string, signal: AbortSignal): Promise<VitalsAnswer> {
  const path = `${base}&from=${from}&to=${to}`;
  const known = over.get(path);
  if (known) return known;
  const answer = await read<VitalsAnswer>(path, signal);
  if (to < today) over.set(path, answer);
  return answer;
}

async function readAll(base: string, spans: Span[], today: string, signal: AbortSignal): Promise<VitalsAnswer[]> {
  const answers: VitalsAnswer[] = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < spans.length; i = next++) answers[i] = await readSpan(base, spans[i]!, today, signal);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

/** `base`: the path with site and filter; nothing is asked without it, or of a single day. */
export function useOverTime(base: string | undefined, days: DatePair, today: string): Asked<OverTime> {
  const spans = spansOf(days);
  const asking = base !== undefined && spans.length > 1;
  return useAsk(asking ? `${base} ${days.join()} by ${spanBucket(days)}` : undefined, async (signal) => ({
    bucket: spanBucket(days),
    spans,
    answers: await readAll(base!, spans, today, signal),
  }));
}
