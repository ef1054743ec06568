/** The goals as rows. */
import { useMemo } from 'preact/hooks';
import type { Answer } from '../../api/query.ts';
import type { Goal } from '../../api/schema.ts';
import { exactly, measured, percent, plain, short } from '../../format/number.ts';
import { Breakable } from '../../part/Breakable.tsx';
import { Change } from '../../part/Change.tsx';
import { Link } from '../../part/Link.tsx';
import { seriesOf, seriesQuestion, type Series } from '../../part/series.ts';
import { Sparkline } from '../../part/Sparkline.tsx';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { w } from '../../text/words.ts';
import type { Counted } from './goals.ts';
import { gt } from './text.ts';

/** Revenue and curves beside the counts; neither is kept under a filter. */
export interface More {
  paid: Answer | undefined;
  curves: Series | undefined;
}

interface Props {
  counted: readonly Counted[];
  more: More;
  /** Absent for those who may not. */
  remove: ((goal: Goal) => void) | undefined;
}

export function useMore(): More {
  const range = store.dateRange.value;
  const site = store.siteId.value;
  const asking = range === undefined || store.filter.value ? undefined : { site, range };
  const paid = useQuery(
    asking && { site_id: site, metrics: ['total_revenue'], date_range: asking.range, dimensions: ['event:goal'] },
  );
  const over = useQuery(asking && seriesQuestion({ ...asking, bucket: store.bucket.value, dimension: 'event:goal', measures: ['visitors'] }));
  const curves = useMemo(() => (asking && over.data ? seriesOf(over.data) : undefined), [over.data, asking === undefined]);
  return { paid: asking && paid.data, curves };
}

export function Table({ counted, more: { paid, curves }, remove }: Props) {
  const money = paid?.results.some(({ metrics: [amount = 0] }) => amount !== 0) ? paid : undefined;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={gt().numbersOf}>
      <table class="rows goals">
        <caption class="visually-hidden">{gt().numbersOf}</caption>
        <thead>
          <tr>
            <th scope="col" class="name">{gt().goal}</th>
            <th scope="col" class="trend-cell">{gt().trend}</th>
            <th scope="col" title={w().meanings.visitors}>{gt().uniques}</th>
            <th scope="col" class="spare">{gt().conversions}</th>
            <th scope="col" class="rate" title={w().meanings.conversion_rate}>{gt().rate}</th>
            <th scope="col" class="change" title={gt().changeMeaning}>{gt().change}</th>
            {money ? <th scope="col" class="spare">{w().measures.total_revenue}</th> : null}
            {remove ? <td class="act" /> : null}
          </tr>
        </thead>
        <tbody>
          {counted.map((one) => (
            <Row key={one.name} one={one} money={money} curves={curves} remove={remove} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a goal counts, in words. */
export function meaningOf(goal: Goal | undefined): string {
  if (!goal) return gt().gone;
  if (goal.page) return gt().ofPage(goal.page);
  return goal.property ? gt().ofProperty(goal.event ?? '', goal.property) : gt().ofEvent(goal.event ?? '');
}

interface RowProps {
  one: Counted;
  money: Answer | undefined;
  curves: Series | undefined;
  remove: Props['remove'];
}

function Row({ one, money, curves, remove }: RowProps) {
  const { goal } = one;
  const filter = { dimension: 'event:goal', operator: 'is' as const, values: [one.name] };
  return (
    <tr>
      <th scope="row" class="name">
        <Link to={{ ...store.toReport(''), filter }}>{one.name}</Link>
        <span class="note">
          <Breakable text={meaningOf(goal)} />
        </span>
        {money ? <span class="note narrow-paid">{paidFor(one.name, money)}</span> : null}
      </th>
      <td class="trend-cell">
        {curves ? <Sparkline values={curves.of(one.name, 'visitors')} open={store.isRunning.value && curves.labels.length > 1} /> : null}
      </td>
      <td title={plain(one.visitors)}>{short(one.visitors)}</td>
      <td class="spare" title={plain(one.events)}>{short(one.events)}</td>
      <td title={exactly('conversion_rate', one.rate)}>{percent(one.rate)}</td>
      <td>
        <Change measure="visitors" moved={one.moved} then={one.then} />
      </td>
      {money ? (
        <td class="spare" title={paidFor(one.name, money) ? undefined : gt().noRevenue}>
          {paidFor(one.name, money) ?? '–'}
        </td>
      ) : null}
      {remove ? (
        <td class="act">
          {goal ? (
            <button type="button" class="icon" aria-label={gt().removeOne(one.name)} title={gt().edit} onClick={() => remove(goal)}>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5" />
              </svg>
            </button>
          ) : null}
        </td>
      ) : null}
    </tr>
  );
}

function paidFor(name: string, money: Answer): string | undefined {
  const amount = money.results.find(({ dimensions }) => dimensions[0] === name)?.metrics[0] ?? 0;
  return amount === 0 ? undefined : measured('total_revenue', amount, money.meta.revenue?.currency);
}
