/** How a number moved against what it is compared with. */
import type { Measure } from '../api/query.ts';
import { change, exactly, lessIsBetter } from '../format/number.ts';
import { t } from '../text/words.ts';

interface Props {
  measure: Measure;
  /** Percent; null where there was nothing before. */
  moved: number | null | undefined;
  then: number | undefined;
  currency?: string | undefined;
}

export function Change({ measure, moved, then, currency }: Props) {
  if (moved === undefined || moved === null || then === undefined) return <span class="same">–</span>;
  const better = lessIsBetter(measure) ? moved < 0 : moved > 0;
  const look = Math.abs(moved) < 0.05 ? 'same' : better ? 'better' : 'worse';
  return (
    <span class={look} title={`${exactly(measure, then, currency)} ${t().before}`}>
      {change(moved)}
    </span>
  );
}
