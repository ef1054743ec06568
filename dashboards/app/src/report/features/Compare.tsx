/** Up to five features in one picture. */
import { useMemo, useRef } from 'preact/hooks';
import type { Answer, Measure, Question } from '../../api/query.ts';
import { Card } from '../../part/Card.tsx';
import type { Curve, Line } from '../../part/curve.ts';
import { Problem } from '../../part/Problem.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import type { Series } from '../../part/series.ts';
import { Tabs } from '../../part/Tabs.tsx';
import { Trend } from '../../part/Trend.tsx';
import type { Asked } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { w } from '../../text/words.ts';
import { DRAWN, MOST_COMPARED, readChosen, sorted, type Feature } from './questions.ts';
import { ft } from './text.ts';

/** Drawn when nothing was chosen. */
const AT_FIRST = 3;

interface Props {
  over: Asked<Answer>;
  curves: Series | undefined;
  call: Question | undefined;
  features: readonly Feature[] | undefined;
  measure: Measure;
}

/** The features of the picture, in the order of their colours. */
export function comparedOf(features: readonly Feature[], measure: Measure): string[] {
  const chosen = readChosen(store.view.value.own['with']);
  if (chosen.length > 0) return chosen;
  return sorted(features, measure === 'events' ? 'events' : 'visitors', measure).slice(0, AT_FIRST).map(({ name }) => name);
}

export function Compare({ over, curves, call, features, measure }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const names = comparedOf(features ?? [], measure);
  const open = store.isRunning.value;
  const curve = useMemo((): Curve | undefined => {
    if (!curves || !features) return undefined;
    const lines = names.map((name, i): Line => ({ name, values: curves.of(name, measure), look: (i + 1) as Line['look'] }));
    // The legend reads the lines from the last to the first.
    return { bucket: curves.bucket, measure, labels: curves.labels, lines: lines.toReversed(), open, notes: [] };
  }, [over.data, features, names.join(), measure, open]);
  const sheet = () => ({
    columns: [w().buckets[curve?.bucket ?? 'day'], ...names],
    rows: (curve?.labels ?? []).map((label, i) => [label, ...names.map((name) => curves?.of(name, measure)[i] ?? 0)]),
  });
  const chosen = readChosen(store.view.value.own['with']).length;
  const tabs = DRAWN.map((id) => ({ id, label: w().measures[id] }));
  const choose = (id: string) => store.go({ metric: id === 'visitors' ? '' : id }, 'replace');
  return (
    <Card
      name="compare"
      title={ft().graph}
      head={<Tabs name="drawn" label={ft().measureOf} tabs={tabs} chosen={measure} choose={choose} />}
      tools={<ReportMenu title={ft().graph} sheet={sheet} picture={() => box.current?.querySelector('canvas')} call={call} />}
    >
      <div class={over.stale ? 'stale' : ''} ref={box} role="tabpanel" id="drawn-body" aria-labelledby={`drawn-${measure}`}>
        {over.error ? <Problem error={over.error} again={over.again} /> : <Trend curve={curve} />}
        <p class="note compared" hidden={over.error !== undefined}>
          {chosen > 0 ? ft().compareChosen(chosen, MOST_COMPARED) : ft().compareNote(MOST_COMPARED)}
          {chosen > 0 ? (
            <button type="button" class="plain more" onClick={() => store.setOwn('with', '')}>
              {ft().clear}
            </button>
          ) : null}
        </p>
        {over.data?.results.length === 10_000 ? <p class="note">{ft().cut}</p> : null}
      </div>
    </Card>
  );
}
