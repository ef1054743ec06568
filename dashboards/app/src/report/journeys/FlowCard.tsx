/** The first three pages of visits, as a picture and as tables. */
import { useRef } from 'preact/hooks';
import type { JourneyRow, JourneysAnswer } from '../../api/schema.ts';
import { nameFor } from '../../format/names.ts';
import { plain } from '../../format/number.ts';
import { Card } from '../../part/Card.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { isValue } from '../../part/table.ts';
import * as store from '../../state/store.ts';
import { t, w } from '../../text/words.ts';
import { flowOf, OTHER } from './flow.ts';
import { Picture } from './Picture.tsx';
import { jt } from './text.ts';

interface Props {
  data: JourneysAnswer;
  path: string | undefined;
}

export const pick = (page: string): void => store.setOwn('page', page);

export function FlowCard({ data: { second, third }, path }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = store.view.value.own['rare'] === 'yes';
  const hidden = second.filter(({ from }) => from === OTHER).reduce((sum, { events }) => sum + events, 0);
  const flow = flowOf(second, third, drawn);
  const sheet = () => ({
    columns: [jt().page, jt().from, jt().to, jt().times, w().measures.visitors],
    rows: [...second.map((row) => [jt().first, ...cellsOf(row)]), ...third.map((row) => [jt().second, ...cellsOf(row)])],
  });
  const picture = () => box.current?.querySelector('svg');
  return (
    <Card name="flow" title={jt().flow} look="flow-card" tools={<ReportMenu title={jt().flow} sheet={sheet} picture={picture} call={path} />}>
      <div ref={box}>{flow.nodes.length > 0 ? <Picture flow={flow} /> : <p class="empty">{jt().onlyRare}</p>}</div>
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
          <Ways title={jt().second} rows={third} />
        </div>
      </details>
    </Card>
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
