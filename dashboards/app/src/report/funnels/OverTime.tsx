/** How many came to the end, over time, and the days compared with. */
import { useMemo, useRef } from 'preact/hooks';
import type { FunnelAnswer, FunnelBefore } from '../../api/schema.ts';
import { Card } from '../../part/Card.tsx';
import type { Curve } from '../../part/curve.ts';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { Trend } from '../../part/Trend.tsx';
import * as store from '../../state/store.ts';
import { t, w } from '../../text/words.ts';
import { linesOf } from './steps.ts';
import { ft } from './text.ts';

interface Props {
  data: FunnelAnswer;
  /** Drawn when somebody chose what to compare with. */
  then: FunnelBefore | undefined;
  interval: 'day' | 'week' | 'month';
  call: string | undefined;
}

export function OverTime({ data, then, interval, call }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const open = store.isRunning.value;
  const strings = ft();
  const before = store.comparison.value ? then : undefined;
  const curve = useMemo((): Curve => {
    const names = { now: w().measures.conversion_rate, before: t().before };
    return {
      bucket: interval,
      measure: 'conversion_rate',
      labels: (data.series ?? []).map(({ from }) => from),
      before: before?.series?.map(({ from }) => from),
      lines: linesOf(data, before, names),
      open,
      notes: [],
    };
  }, [data, before, interval, open, strings]);
  const sheet = () => ({
    columns: [w().buckets[interval], ...data.steps.map(({ name }) => name), w().measures.conversion_rate],
    rows: (data.series ?? []).map(({ from, visitors, conversion_rate }) => [from, ...visitors, conversion_rate]),
  });
  return (
    <Card
      name="funnel-trend"
      title={strings.overTime}
      look="funnel-trend"
      tools={<ReportMenu title={strings.overTime} sheet={sheet} picture={() => box.current?.querySelector('canvas')} call={call} />}
    >
      <div ref={box}>
        <Trend curve={curve} />
      </div>
    </Card>
  );
}
