/** How the numbers that were sent along with a feature are distributed. */
import type { NumbersAnswer } from '../../api/schema.ts';
import { plain } from '../../format/number.ts';
import { Card } from '../../part/Card.tsx';
import { Snippet } from '../../part/CopyButton.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { rangeParameters } from '../../part/range_parameters.ts';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { ft } from './text.ts';

export function Numbers({ name }: { name: string }) {
  const range = store.dateRange.value;
  const by = `dimension=event:name&value=${encodeURIComponent(name)}`;
  const path =
    range === undefined ? undefined : `/api/v1/numbers?site=${encodeURIComponent(store.siteId.value)}&${rangeParameters(range)}&${by}`;
  const asked = useRead<NumbersAnswer>(path);
  const sheet = () => ({
    columns: [ft().key, ft().samples, 'p50', 'p75', 'p95'],
    rows: (asked.data?.numbers ?? []).map(({ key, samples, p50, p75, p95 }) => [key, samples, p50, p75, p95]),
  });
  return (
    <Card name="numbers" title={ft().numbers} tools={<ReportMenu title={`${name} ${ft().numbers}`} sheet={sheet} call={path} />}>
      <div class="panel-body">
        <Loaded of={asked} skeleton={<SkeletonRows rows={4} />}>
          {({ numbers }) => (numbers.length > 0 ? <Spread numbers={numbers} /> : <NoNumbers />)}
        </Loaded>
      </div>
    </Card>
  );
}

const Spread = ({ numbers }: Pick<NumbersAnswer, 'numbers'>) => (
  <>
    <table class="rows spread">
      <caption class="visually-hidden">{ft().numbersOf}</caption>
      <thead>
        <tr>
          <th scope="col">{ft().key}</th>
          <th scope="col">{ft().samples}</th>
          <th scope="col">p50</th>
          <th scope="col">p75</th>
          <th scope="col">p95</th>
        </tr>
      </thead>
      <tbody>
        {numbers.map(({ key, samples, p50, p75, p95 }) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td>{plain(samples)}</td>
            <td>{plain(p50)}</td>
            <td>{plain(p75)}</td>
            <td>{plain(p95)}</td>
          </tr>
        ))}
      </tbody>
    </table>
    <p class="note">{ft().numbersNote}</p>
  </>
);

const NoNumbers = () => (
  <div class="how">
    <p class="note">{ft().numbersEmpty}</p>
    <Snippet text={`headcount site edit ${store.siteId.value} --number took_ms`} />
    <Snippet text={"headcount('search', { took_ms: 182 })"} />
  </div>
);
