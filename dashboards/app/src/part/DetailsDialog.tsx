/** Every value of a dimension with every measure that is kept of it: search, sort, pages, download. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ask } from '../api/batch.ts';
import type { Answer, Measure, Question } from '../api/query.ts';
import { nameFor } from '../format/names.ts';
import { plain } from '../format/number.ts';
import { useAsk } from '../state/ask.ts';
import { canFilter, measuresOf } from '../state/filter.ts';
import * as store from '../state/store.ts';
import { t, w } from '../text/words.ts';
import { BarTable } from './BarTable.tsx';
import { Dialog } from './Dialog.tsx';
import { FoldedNote } from './FoldedNote.tsx';
import type { ListTab } from './ListCard.tsx';
import { Loaded } from './Loaded.tsx';
import { ReportMenu } from './ReportMenu.tsx';
import { SkeletonRows } from './Skeleton.tsx';
import { listQuestion, rowsOf, type Row } from './table.ts';

/** Rows that are asked for unless somebody wants them all. */
const FIRST = 1_000;
/** The most rows of one answer. */
const AT_ONCE = 10_000;
const PER_PAGE = 50;

export function DetailsDialog({ tab, close }: { tab: ListTab; close: () => void }) {
  const filter = tab.filter ?? store.filter.value;
  const wanted = tab.measures ?? [];
  const measures: Measure[] = [...new Set([...wanted.filter((one) => one === 'events'), ...measuresOf(tab.dimension, filter)])];
  const first = measures[0] ?? 'visitors';
  const [sorted, setSorted] = useState<[Measure, 'asc' | 'desc']>([first, 'desc']);
  const range = store.dateRange.value;
  const [all, setAll] = useState(false);
  const list = { site: store.siteId.value, dimension: tab.dimension, measures, filter, order: sorted, totalRows: true };
  const question = range === undefined ? undefined : listQuestion({ ...list, range, limit: all ? AT_ONCE : FIRST });
  const asked = useAsk(question && JSON.stringify(question), (signal) => (all ? everyRow(question!, signal) : ask(question!, signal)));
  const change = (by: Measure) => setSorted([by, sorted[0] === by && sorted[1] === 'desc' ? 'asc' : 'desc']);
  const rows = asked.data ? rowsOf(asked.data) : [];
  const sheet = () => ({
    columns: [tab.dimension, ...measures.map((measure) => w().measures[measure])],
    rows: rows.map(({ value, numbers }) => [value, ...numbers]),
  });
  return (
    <Dialog title={t().detailsOf(tab.label)} close={close} wide>
      <Loaded of={asked} skeleton={<SkeletonRows rows={14} />}>
        {({ meta }) => (
          <>
            <Paged
              rows={rows}
              tab={tab}
              measures={measures}
              currency={meta.revenue?.currency}
              bounded={meta.visitors === 'upper_bound'}
              sort={{ by: sorted[0], direction: sorted[1], change }}
              tools={<ReportMenu title={tab.label} sheet={sheet} call={question} />}
              close={close}
            />
            {!all && (meta.total_rows ?? 0) > FIRST ? (
              <p class="note">
                {t().first(plain(FIRST))}{' '}
                <button type="button" class="plain" onClick={() => setAll(true)}>
                  {t().loadAll(plain(meta.total_rows ?? 0))}
                </button>
              </p>
            ) : null}
            <FoldedNote meta={meta} />
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

/** Every row there is, however many answers it takes: the search is over all of them, beside any filter. */
async function everyRow(question: Question, signal: AbortSignal): Promise<Answer> {
  const answer = await ask(question, signal);
  const rows = [...answer.results];
  while (rows.length < (answer.meta.total_rows ?? 0)) {
    const { results } = await ask({ ...question, pagination: { limit: AT_ONCE, offset: rows.length } }, signal);
    // Rows may have been folded meanwhile: then there are no more.
    if (results.length === 0) break;
    rows.push(...results);
  }
  return { ...answer, results: rows };
}

interface PagedProps {
  rows: Row[];
  tab: ListTab;
  measures: Measure[];
  currency: string | undefined;
  bounded: boolean;
  sort: Parameters<typeof BarTable>[0]['sort'];
  tools: ComponentChildren;
  close: () => void;
}

function Paged({ rows, tab, measures, currency, bounded, sort, tools, close }: PagedProps) {
  const [wanted, setWanted] = useState('');
  const [page, setPage] = useState(0);
  const needle = wanted.toLocaleLowerCase();
  const found = rows.filter(({ value }) => !needle || `${value} ${nameFor(tab.dimension, value).text}`.toLocaleLowerCase().includes(needle));
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const at = Math.min(page, pages - 1);
  const pick = (value: string) => {
    close();
    if (tab.choose) tab.choose(value);
    else store.pick(tab.dimension, value);
  };
  return (
    <>
      <div class="dialog-tools">
        <input
          type="search"
          aria-label={t().searchIn(tab.label)}
          placeholder={t().search}
          value={wanted}
          onInput={(event) => {
            setWanted(event.currentTarget.value);
            setPage(0);
          }}
        />
        {tools}
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label={tab.label}>
        {found.length === 0 ? (
          <p class="empty">{t().nothingFound}</p>
        ) : (
          <BarTable
            rows={found.slice(at * PER_PAGE, (at + 1) * PER_PAGE)}
            dimension={tab.dimension}
            column={tab.column}
            measures={measures}
            currency={currency}
            bounded={bounded}
            sort={sort}
            choose={(tab.choose ?? !tab.filter) !== false && canFilter(tab.dimension) ? pick : false}
          />
        )}
      </div>
      {pages > 1 ? (
        <nav class="pages">
          <button type="button" class="plain" disabled={at === 0} onClick={() => setPage(at - 1)}>
            {t().previousPage}
          </button>
          <span>{t().page(at + 1, pages)}</span>
          <button type="button" class="plain" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
            {t().nextPage}
          </button>
        </nav>
      ) : null}
    </>
  );
}
