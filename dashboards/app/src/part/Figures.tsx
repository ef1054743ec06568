/** The few numbers a report begins with, each with its change; a click draws one of them. */
import type { Answer, Measure } from '../api/query.ts';
import { exactly, measured } from '../format/number.ts';
import type { Asked } from '../state/ask.ts';
import { w } from '../text/words.ts';
import { Change } from './Change.tsx';
import { Problem } from './Problem.tsx';

interface Props {
  /** Of a query without dimensions, whose metrics are `measures`. */
  asked: Asked<Answer>;
  measures: readonly Measure[];
  chosen: Measure;
  choose: (measure: Measure) => void;
}

export function Figures({ asked: { data, error, stale, again }, measures, chosen, choose }: Props) {
  if (error) return <Problem error={error} again={again} />;
  const row = data?.results[0];
  const currency = data?.meta.revenue?.currency;
  return (
    <ul class={stale ? 'figures stale' : 'figures'} aria-busy={!data || stale}>
      {measures.map((measure, i) => {
        const value = data ? row?.metrics[i] ?? 0 : undefined;
        return (
          <li key={measure}>
            <button
              type="button"
              class="figure"
              aria-pressed={measure === chosen}
              title={w().meanings[measure]}
              onClick={() => choose(measure)}
            >
              <span class="label">{w().measures[measure]}</span>
              <span class="value" data-measure={measure} title={value === undefined ? '' : exactly(measure, value, currency)}>
                {value === undefined ? <span class="bone" /> : measured(measure, value, currency)}
              </span>
              <span class="change">
                <Change measure={measure} moved={row?.comparison?.change[i]} then={row?.comparison?.metrics[i]} currency={currency} />
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
