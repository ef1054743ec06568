/** The first three pages of visits, as a picture and as tables. */
import type { JourneyRow, JourneysAnswer } from '../../api/schema.ts';
import { nameFor } from '../../format/names.ts';
import { plain } from '../../format/number.ts';
import { Card } from '../../part/Card.tsx';
import { Problem } from '../../part/Problem.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { isValue } from '../../part/table.ts';
import { useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { t, w } from '../../text/words.ts';
import { endNow, pathBy, pick, type End } from './asking.ts';
import { flowOf, OTHER } from './flow.ts';
import { Picture } from './Picture.tsx';
import { jt } from './text.ts';

interface Props {
  /** All ways. */
  data: JourneysAnswer;
  page: string | undefined;
  path: string;
}

/** All ways, or those that start at the chosen page or lead to it. */
export function FlowCard({ data, page, path }: Props) {
  const end = page === undefined ? undefined : endNow();
  const asked = useRead<JourneysAnswer>(end && page !== undefined ? pathBy(path, end, page) : undefined);
  const shown = end ? asked.data : data;
  const call = end && page !== undefined ? pathBy(path, end, page) : path;
  const tools = <Tools data={shown} call={call} />;
  return (
    <Card name="flow" title={jt().flow} look="flow-card" tools={tools}>
      {page === undefined ? null : <Choice end={end} page={page} />}
      {end && asked.error ? <Problem error={asked.error} again={asked.again} /> : null}
      {shown ? (
        <div class={end && asked.stale ? 'stale' : ''}>
          <Flow second={shown.second} third={end === 'from' ? [] : shown.third} />
        </div>
      ) : asked.error ? null : (
        <SkeletonBox height="20rem" />
      )}
    </Card>
  );
}

function Choice({ end, page }: { end: End | undefined; page: string }) {
  const choices = [['', jt().allWays], ['from', jt().starting(page)], ['to', jt().leading(page)]] as const;
  return (
    <div class="ways-choice" role="group" aria-label={jt().ways}>
      {choices.map(([id, label]) => (
        <button key={id} type="button" class="plain" aria-pressed={id === (end ?? '')} onClick={() => store.setOwn('ways', id)}>
          {label}
        </button>
      ))}
    </div>
  );
}

function Tools({ data, call }: { data: JourneysAnswer | undefined; call: string }) {
  const { second = [], third = [] } = data ?? {};
  const sheet = () => ({
    columns: [jt().page, jt().from, jt().to, jt().times, w().measures.visitors],
    rows: [...second.map((row) => [jt().first, ...cellsOf(row)]), ...third.map((row) => [jt().second, ...cellsOf(row)])],
  });
  const picture = () => document.querySelector<SVGSVGElement>('.flow-card svg.flow');
  return <ReportMenu title={jt().flow} sheet={sheet} picture={picture} call={call} />;
}

/** The picture, what is too rare for it, and the tables. */
function Flow({ second, third }: Pick<JourneysAnswer, 'second' | 'third'>) {
  const drawn = store.view.value.own['rare'] === 'yes';
  const hidden = second.filter(({ from, to }) => from === OTHER || to === OTHER).reduce((sum, { events }) => sum + events, 0);
  const flow = flowOf(second, third, drawn);
  return (
    <>
      {flow.nodes.length > 0 ? <Picture flow={flow} /> : <p class="empty">{jt().onlyRare}</p>}
      {hidden > 0 ? (
        <div class="flow-rare">
          <p class="note">{jt().rare(hidden)}</p>
          <label class="note">
            <input type="checkbox" checked={drawn} onChange={() => store.setOwn('rare', drawn ? '' : 'yes')} />
            {jt().drawRare}
          </label>
        </div>
      ) : null}
      <details class="twin">
        <summary>{t().asTable}</summary>
        <div class="flow-tables">
          <Ways title={jt().first} rows={second} />
          {third.length > 0 ? <Ways title={jt().second} rows={third} /> : null}
        </div>
      </details>
    </>
  );
}

const cellsOf = ({ from, to, events, visitors }: JourneyRow): (string | number)[] => [from, to, events, visitors];

const Ways = ({ title, rows }: { title: string; rows: readonly JourneyRow[] }) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={title}>
    <table class="plain-table">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{jt().from}</th>
          <th scope="col">{jt().to}</th>
          <th scope="col">{jt().times}</th>
          <th scope="col">{w().measures.visitors}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ from, to, events, visitors }) => (
          <tr key={JSON.stringify([from, to])}>
            <th scope="row">
              <PageButton page={from} />
            </th>
            <td class="to">
              <PageButton page={to} />
            </td>
            <td>{plain(events)}</td>
            <td>{plain(visitors)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

function PageButton({ page }: { page: string }) {
  const { text, note } = nameFor('event:page', page);
  if (!isValue(page)) return <em title={note}>{text}</em>;
  return (
    <button type="button" class="way" title={jt().choose} onClick={() => pick(page)}>
      {text}
    </button>
  );
}
