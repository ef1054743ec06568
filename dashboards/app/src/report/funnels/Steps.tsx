/** One funnel: a bar per step, what was lost between them, the same as a table. */
import { useEffect } from 'preact/hooks';
import type { Funnel, FunnelAnswer } from '../../api/schema.ts';
import { span } from '../../format/date.ts';
import { exactly, percent, plain } from '../../format/number.ts';
import { Card } from '../../part/Card.tsx';
import { FoldedNote } from '../../part/FoldedNote.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { rangeParameters } from '../../part/range_parameters.ts';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { t } from '../../text/words.ts';
import { countedOf, type Counted } from './steps.ts';
import { ft } from './text.ts';

interface Props {
  funnel: Funnel;
  copy: (() => void) | undefined;
  remove: (() => void) | undefined;
}

const pathOf = (id: string): string | undefined => {
  const range = store.dateRange.value;
  const site = encodeURIComponent(store.siteId.value);
  return range === undefined ? undefined : `/api/v1/funnels?site=${site}&funnel=${encodeURIComponent(id)}&${rangeParameters(range)}`;
};

const sheetOf = (steps: readonly Counted[]) => () => ({
  columns: [ft().step, ft().visitors, ft().ofBefore, ft().ofStart, ft().lost],
  rows: steps.map((step) => [step.name, step.visitors, step.step_rate, step.conversion_rate, step.lost]),
});

export function Steps({ funnel, copy, remove }: Props) {
  const path = pathOf(funnel.id);
  const asked = useRead<FunnelAnswer>(path);
  const steps = asked.data ? countedOf(asked.data.steps) : [];
  useEffect(() => store.tellSpan(asked.data?.meta.date_range as [string, string] | undefined), [asked.data]);
  const day = funnel.created_at.slice(0, 10);
  const tools = (
    <>
      {copy ? (
        <button type="button" class="quiet wide-only" onClick={copy}>
          {ft().copyOf}
        </button>
      ) : null}
      {remove ? (
        <button type="button" class="quiet" aria-label={ft().removeOne(funnel.name)} onClick={remove}>
          {ft().remove}
        </button>
      ) : null}
      <ReportMenu title={funnel.name} sheet={sheetOf(steps)} call={path} />
    </>
  );
  return (
    <Card name="funnel" title={funnel.name} look="funnel" tools={tools}>
      <Loaded of={asked} skeleton={<SkeletonBox height={`${funnel.steps.length * 6}rem`} />}>
        {({ meta }) => (
          <>
            {steps[0]?.visitors ? <Picture steps={steps} /> : <Nobody first={funnel.steps[0] ?? ''} />}
            <Table name={funnel.name} steps={steps} />
            <footer class="funnel-foot">
              <p class="note">{ft().since(span([day, day]))}</p>
              <FoldedNote meta={{ suppressed: meta.suppressed }} />
            </footer>
          </>
        )}
      </Loaded>
    </Card>
  );
}

const Nobody = ({ first }: { first: string }) => (
  <div class="explained">
    <strong>{ft().nobody}</strong>
    <p>{ft().nobodyWhy(first)}</p>
  </div>
);

function Picture({ steps }: { steps: Counted[] }) {
  const [first, last] = [steps[0], steps.at(-1)];
  return (
    <>
      <p class="funnel-summary">{ft().summary(percent(last?.conversion_rate ?? 0), first?.visitors ?? 0)}</p>
      <ol class="funnel-steps">
        {steps.map((step, i) => (
          <li key={step.name}>
            {i > 0 ? (
              <p class="funnel-lost">
                <span aria-hidden="true">↓</span> {ft().wentOn(percent(step.step_rate), step.lost)}
              </p>
            ) : null}
            <div class="funnel-name">
              <strong>{step.name}</strong>
              <span>
                {ft().people(step.visitors)} <b>{percent(step.conversion_rate)}</b>
              </span>
            </div>
            <div class="funnel-track" aria-hidden="true">
              <span style={{ width: `${step.width}%` }} />
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

const Table = ({ name, steps }: { name: string; steps: Counted[] }) => (
  <details class="twin">
    <summary>{t().asTable}</summary>
    <div class="scroll" tabIndex={0} role="region" aria-label={ft().steps(name)}>
      <table class="plain-table">
        <thead>
          <tr>
            {[ft().step, ft().visitors, ft().ofBefore, ft().ofStart, ft().lost].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.name}>
              <th scope="row">{step.name}</th>
              <td>{plain(step.visitors)}</td>
              <td>{exactly('conversion_rate', step.step_rate)}</td>
              <td>{exactly('conversion_rate', step.conversion_rate)}</td>
              <td>{plain(step.lost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);
