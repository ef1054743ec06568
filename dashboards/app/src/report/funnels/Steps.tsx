/** One funnel: a bar per step, what was lost between them, the same as a table. */
import { useEffect } from 'preact/hooks';
import type { Funnel, FunnelAnswer } from '../../api/schema.ts';
import { span } from '../../format/date.ts';
import { exactly, percent, plain } from '../../format/number.ts';
import { Card } from '../../part/Card.tsx';
import { Change } from '../../part/Change.tsx';
import { FoldedNote } from '../../part/FoldedNote.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { t } from '../../text/words.ts';
import { funnelInterval, pathOf } from './asking.ts';
import { OverTime } from './OverTime.tsx';
import { comparable, countedOf, movedBy, type Counted } from './steps.ts';
import { ft } from './text.ts';

interface Props {
  funnel: Funnel;
  copy: (() => void) | undefined;
  remove: (() => void) | undefined;
}

const sheetOf = (steps: readonly Counted[]) => () => ({
  columns: [ft().step, ft().visitors, ft().ofBefore, ft().ofStart, ft().lost, ft().visitorsThen, ft().ofStartThen],
  rows: steps.map((step) => [step.name, step.visitors, step.step_rate, step.conversion_rate, step.lost, step.then?.visitors ?? '', step.then?.conversion_rate ?? '']),
});

export function Steps({ funnel, copy, remove }: Props) {
  const path = pathOf(funnel.id);
  const asked = useRead<FunnelAnswer>(path);
  const day = funnel.created_at.slice(0, 10);
  const then = comparable(asked.data?.comparison, day);
  const steps = asked.data ? countedOf(asked.data.steps, then?.steps) : [];
  const interval = funnelInterval();
  useEffect(() => store.tellSpan(asked.data?.meta.date_range as [string, string] | undefined), [asked.data]);
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
    <>
      <Card name="funnel" title={funnel.name} look="funnel" tools={tools}>
        <Loaded of={asked} skeleton={<SkeletonBox height={`${funnel.steps.length * 6}rem`} />}>
          {({ meta }) => (
            <>
              {steps[0]?.visitors ? <Picture steps={steps} /> : <Nobody first={funnel.steps[0] ?? ''} />}
              <Table name={funnel.name} steps={steps} />
              <footer class="funnel-foot">
                <p class="note">{ft().since(span([day, day]))}</p>
                {then ? <p class="note">{ft().comparedWith(span(then.date_range as [string, string]))}</p> : null}
                <FoldedNote meta={{ suppressed: meta.suppressed }} />
              </footer>
            </>
          )}
        </Loaded>
      </Card>
      {asked.data?.series && interval && steps[0]?.visitors ? <OverTime data={asked.data} then={then} interval={interval} call={path} /> : null}
    </>
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
      <p class="funnel-summary">
        {ft().summary(percent(last?.conversion_rate ?? 0), first?.visitors ?? 0)} {last?.then ? ft().summaryThen(percent(last.then.conversion_rate)) : null}
      </p>
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
                {ft().people(step.visitors)} <Moved step={step} /> <b>{percent(step.conversion_rate)}</b>
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

/** How the visitors of a step moved; nothing where there is nothing to compare with. */
const Moved = ({ step: { visitors, then } }: { step: Counted }) =>
  then ? <Change measure="visitors" moved={movedBy(visitors, then.visitors)} then={then.visitors} /> : null;

const Table = ({ name, steps }: { name: string; steps: Counted[] }) => (
  <details class="twin">
    <summary>{t().asTable}</summary>
    <div class="scroll" tabIndex={0} role="region" aria-label={ft().steps(name)}>
      <table class="plain-table">
        <thead>
          <tr>
            {[ft().step, ft().visitors, ft().ofBefore, ft().ofStart, ft().lost, ...(steps[0]?.then ? [ft().visitorsThen, ft().ofStartThen] : [])].map((head) => (
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
              {step.then ? <td>{plain(step.then.visitors)}</td> : null}
              {step.then ? <td>{exactly('conversion_rate', step.then.conversion_rate)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);
