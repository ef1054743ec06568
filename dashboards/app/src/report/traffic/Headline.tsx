/** The numbers one looks at first, each with its change; a click draws it. */
import type { Answer, Measure, Question } from '../../api/query.ts';
import { exactly, lessIsBetter, measured, percent } from '../../format/number.ts';
import { Problem } from '../../part/Problem.tsx';
import type { Asked } from '../../state/ask.ts';
import { measuresOf, toApi } from '../../state/filter.ts';
import * as store from '../../state/store.ts';
import { w } from '../../text/words.ts';
import { tt } from './text.ts';

/** The measures of the headline under the filter of now. */
export const headlineMeasures = (): Measure[] => {
  const order: Measure[] = ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration', 'time_on_page', 'scroll_depth', 'conversion_rate'];
  const kept = measuresOf(undefined, store.filter.value);
  return order.filter((measure) => kept.includes(measure));
};

/** The change is against the period before, or what is chosen to compare with. */
export function headlineQuestion(): Question | undefined {
  const range = store.dateRange.value;
  if (range === undefined) return undefined;
  const comparison = store.comparison.value ?? (range === 'all' ? undefined : 'previous_period');
  return {
    site_id: store.siteId.value,
    metrics: headlineMeasures(),
    date_range: range,
    filters: toApi(store.filter.value),
    ...(comparison && { include: { comparison } }),
  };
}

interface Props {
  asked: Asked<Answer>;
  chosen: Measure;
}

export function Headline({ asked, chosen }: Props) {
  const { data, error, stale, again } = asked;
  if (error) return <Problem error={error} again={again} />;
  const measures = headlineMeasures();
  // An answer to the question before may have other measures.
  const asOf = (data?.query['metrics'] ?? measures) as Measure[];
  const row = data?.results[0];
  return (
    <ul class={stale ? 'figures stale' : 'figures'} aria-busy={!data || stale}>
      {measures.map((measure) => {
        const at = asOf.indexOf(measure);
        return (
          <li key={measure}>
            <Figure
              measure={measure}
              chosen={measure === chosen}
              value={data ? row?.metrics[at] ?? 0 : undefined}
              then={row?.comparison?.metrics[at]}
              moved={row?.comparison?.change[at] ?? undefined}
            />
          </li>
        );
      })}
    </ul>
  );
}

interface FigureProps {
  measure: Measure;
  chosen: boolean;
  value: number | undefined;
  then: number | undefined;
  moved: number | undefined;
}

function Figure({ measure, chosen, value, then, moved }: FigureProps) {
  const name = w().measures[measure];
  const choose = () => store.go({ metric: measure === 'visitors' ? '' : measure }, 'replace');
  return (
    <button type="button" class="figure" aria-pressed={chosen} title={w().meanings[measure]} onClick={choose}>
      <span class="label">{name}</span>
      <span class="value" data-measure={measure} title={value === undefined ? '' : exactly(measure, value)}>
        {value === undefined ? <span class="bone" /> : measured(measure, value)}
      </span>
      <span class="change">{value === undefined ? '\u00a0' : <Change measure={measure} moved={moved} then={then} />}</span>
    </button>
  );
}

function Change({ measure, moved, then }: { measure: Measure; moved: number | undefined; then: number | undefined }) {
  if (moved === undefined || then === undefined) return <span title={tt().noChange}>–</span>;
  const better = lessIsBetter(measure) ? moved < 0 : moved > 0;
  const look = Math.abs(moved) < 0.05 ? 'same' : better ? 'better' : 'worse';
  return (
    <span class={look} title={tt().before(exactly(measure, then))}>
      {look === 'same' ? '' : moved > 0 ? '↑ ' : '↓ '}
      {percent(Math.abs(moved))}
    </span>
  );
}
