/** One measure over time: asks, draws, and offers to take it along. */
import type { ComponentChildren } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { Measure, Question } from '../api/query.ts';
import type { Annotation } from '../api/schema.ts';
import { useQuery } from '../state/ask.ts';
import { isRunning } from '../state/store.ts';
import { t, w } from '../text/words.ts';
import { curveOf, sheetOf, type Curve } from './curve.ts';
import { Problem } from './Problem.tsx';
import { ReportMenu } from './ReportMenu.tsx';
import { Trend } from './Trend.tsx';

interface Props {
  /** One metric by time. */
  question: Question | undefined;
  /** What it is called where it is taken along. */
  title: string;
  notes?: readonly Annotation[];
  /** Changes the notes of a bucket. */
  openNotes?: ((curve: Curve, index: number) => void) | undefined;
  /** Before the menu. */
  tools?: ComponentChildren;
  children?: ComponentChildren;
}

const NONE: readonly Annotation[] = [];

export function TimeGraph({ question, title, notes = NONE, openNotes, tools, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { data, stale, error, again } = useQuery(question);
  const open = isRunning.value;
  const curve = useMemo((): Curve | undefined => {
    if (!data) return undefined;
    // What was asked then: an older answer is drawn as what it is until the new one is there.
    const [measure = 'visitors'] = data.query['metrics'] as Measure[];
    const [by = ''] = data.query['dimensions'] as string[];
    const about = { bucket: by.slice(5) as Curve['bucket'], measure, open, notes };
    return curveOf(data, about, { now: w().measures[measure], before: t().before });
  }, [data, notes, open, w()]);
  if (error) return <Problem error={error} again={again} />;
  return (
    <div class={stale ? 'graph stale' : 'graph'} ref={box} aria-busy={!data || stale}>
      <div class="tools">
        {tools}
        <ReportMenu
          title={title}
          sheet={() => sheetOf(curve, curve ? w().buckets[curve.bucket] : '')}
          picture={() => box.current?.querySelector('canvas')}
          call={question}
        />
      </div>
      <Trend curve={curve} openNotes={curve && openNotes && ((index) => openNotes(curve, index))} />
      {children}
    </div>
  );
}
