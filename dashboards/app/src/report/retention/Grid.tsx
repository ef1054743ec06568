/** Who comes back: weeks of the first visit by weeks since. It is a table itself, tinted by share. */
import type { Cohort, CohortWeek } from '../../api/schema.ts';
import { tick, title } from '../../format/date.ts';
import { exactly, percent, plain } from '../../format/number.ts';
import { Card } from '../../part/Card.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import * as store from '../../state/store.ts';
import { gridOf, type GridRow } from './numbers.ts';
import { rt } from './text.ts';

interface Props {
  cohorts: readonly Cohort[];
  path: string | undefined;
}

/** So much of the accent colour at most: text on it keeps its contrast in both themes. */
const DEEPEST = 40;

export function Grid({ cohorts, path }: Props) {
  const { columns, rows } = gridOf(cohorts);
  const sheet = () => ({
    columns: [rt().firstWeek, rt().visitors, ...columns.flatMap((since) => [`${rt().weekN(since)} %`, rt().weekN(since)])],
    rows: rows.map(({ week, visitors, cells }) => [week, visitors, ...cells.flatMap((cell) => [cell?.share ?? '', cell?.visitors ?? ''])]),
  });
  return (
    <Card name="cohorts" title={rt().cohorts} look="cohorts" tools={<ReportMenu title={rt().cohorts} sheet={sheet} call={path} />}>
      {rows.length === 0 ? (
        <p class="empty">{rt().noCohorts}</p>
      ) : (
        <>
          <p class="note">{rt().cohortsMean}</p>
          <div class="scroll" tabIndex={0} role="group" aria-label={rt().cohorts}>
            <table class="cohort-grid">
              <caption class="visually-hidden">{rt().cohorts}</caption>
              <thead>
                <tr>
                  <th scope="col">{rt().firstWeek}</th>
                  {columns.map((since) => (
                    <th key={since} scope="col" title={rt().weekNLong(since)}>
                      <span aria-hidden="true">{rt().weekN(since)}</span>
                      <span class="visually-hidden">{rt().weekNLong(since)}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <Row key={row.week} row={row} />
                ))}
              </tbody>
            </table>
          </div>
          {store.isRunning.value ? <p class="note">{rt().runningLegend}</p> : null}
        </>
      )}
    </Card>
  );
}

function Row({ row: { week, visitors, cells } }: { row: GridRow }) {
  // The last cell of a row is the week of the last day shown.
  const last = cells.findLastIndex((cell) => cell !== undefined);
  return (
    <tr>
      <th scope="row" title={title('week', week)}>
        {tick('week', week)}
        <span class="note">{visitors > 0 ? rt().people(visitors) : rt().notKnown}</span>
      </th>
      {cells.map((cell, since) => (
        <Cell key={since} cell={cell} since={since} running={since === last && store.isRunning.value} />
      ))}
    </tr>
  );
}

function Cell({ cell, since, running }: { cell: CohortWeek | undefined; since: number; running: boolean }) {
  if (!cell) return <td class="not-yet" title={rt().notYet} />;
  const said = `${rt().people(cell.visitors)} ${rt().weekNLong(since)}`;
  if (cell.share == null) {
    return (
      <td title={cell.visitors > 0 ? `${said}; ${rt().notKnown}` : rt().notKnown}>
        <span aria-hidden="true">–</span>
        <span class="visually-hidden">{rt().notKnown}</span>
        {cell.visitors > 0 ? <small>{plain(cell.visitors)}</small> : null}
      </td>
    );
  }
  const tint = Math.round((DEEPEST * Math.min(100, cell.share)) / 100);
  return (
    <td
      class={running ? 'tinted running' : 'tinted'}
      title={`${exactly('percentage', cell.share)}: ${said}. ${running ? rt().running : ''}`}
      style={{ '--tint': `${cell.share > 0 ? Math.max(4, tint) : 0}%` }}
    >
      {percent(cell.share)}
      <small>{plain(cell.visitors)}</small>
    </td>
  );
}
