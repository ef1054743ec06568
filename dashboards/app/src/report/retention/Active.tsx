/** Active visitors: of a day, a week and a month, and the curve of each. */
import { useMemo, useRef } from 'preact/hooks';
import type { RetentionAnswer } from '../../api/schema.ts';
import { tick, title as dateTitle } from '../../format/date.ts';
import { percent, plain } from '../../format/number.ts';
import { Card } from '../../part/Card.tsx';
import type { Curve } from '../../part/curve.ts';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { panelOf, Tabs } from '../../part/Tabs.tsx';
import { Trend } from '../../part/Trend.tsx';
import type { Bucket } from '../../state/range.ts';
import * as store from '../../state/store.ts';
import { w } from '../../text/words.ts';
import { headlineOf } from './numbers.ts';
import { rt } from './text.ts';

const BUCKETS = ['day', 'week', 'month'] as const;
type By = (typeof BUCKETS)[number];

interface Props {
  data: RetentionAnswer;
  path: string | undefined;
}

export function Active({ data, path }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const own = store.view.value.own['active'] as By;
  const by: By = BUCKETS.includes(own) ? own : 'day';
  const open = store.isRunning.value;
  const strings = rt();
  const curve = useMemo(() => curveBy(data, by, open), [data, by, open, strings]);
  const sheet = () => ({
    columns: [w().buckets[by], ...curve.lines.map(({ name }) => name)],
    rows: curve.labels.map((label, i) => [label, ...curve.lines.map(({ values }) => values[i] ?? 0)]),
  });
  const tabs = BUCKETS.map((id) => ({ id, label: rt().by[id] }));
  const choose = (id: string) => store.setOwn('active', id === 'day' ? '' : id);
  return (
    <Card
      name="active"
      title={rt().over}
      head={<Tabs name="active" label={rt().over} tabs={tabs} chosen={by} choose={choose} />}
      tools={<ReportMenu title={rt().over} sheet={sheet} picture={() => box.current?.querySelector('canvas')} call={path} />}
    >
      <Figures data={data} />
      <div ref={box} {...panelOf('active', by)}>
        <Trend curve={curve} />
        <p class="note">{{ day: rt().newMeans, week: rt().onceAWeek, month: rt().onceAMonth }[by]}</p>
      </div>
    </Card>
  );
}

function curveBy({ daily, weekly, monthly }: RetentionAnswer, by: By, open: boolean): Curve {
  const about = { bucket: by as Bucket, measure: 'visitors' as const, open, notes: [] };
  if (by !== 'day') {
    const spans = by === 'week' ? weekly : monthly;
    const lines = [{ name: rt().all, values: spans.map(({ active }) => active), look: 'main' as const }];
    return { ...about, labels: spans.map(({ from }) => from), lines };
  }
  return {
    ...about,
    labels: daily.map(({ day }) => day),
    lines: [
      { name: rt().newcomers, values: daily.map((day) => day.new), look: 2 },
      { name: rt().returning, values: daily.map(({ returning }) => returning), look: 5 },
      { name: rt().all, values: daily.map(({ active }) => active), look: 'main' },
    ],
  };
}

function Figures({ data }: { data: RetentionAnswer }) {
  const { daily, week, month, stickiness } = headlineOf(data, store.today.value);
  const monthName = month ? dateTitle('month', month.from) : '';
  const upTo = store.isRunning.value ? rt().soFar : rt().until(tick('day', data.meta.date_range[1] ?? ''));
  const { meaning } = rt();
  return (
    <dl class="retention-figures">
      <Figure name={rt().daily} meaning={meaning.daily} value={plain(Math.round(daily.active))} note={rt().averageOf(daily.days)} />
      {week ? <Figure name={rt().weekly(tick('day', week.from))} meaning={meaning.weekly} value={plain(week.active)} note={upTo} /> : null}
      {month ? <Figure name={rt().monthly(monthName)} meaning={meaning.monthly} value={plain(month.active)} note={upTo} /> : null}
      {stickiness === undefined ? null : (
        <Figure name={rt().stickiness} meaning={meaning.stickiness} value={percent(stickiness)} note={rt().stickinessOf(monthName)} />
      )}
    </dl>
  );
}

const Figure = ({ name, meaning, value, note }: { name: string; meaning: string; value: string; note: string }) => (
  <div title={meaning}>
    <dt>{name}</dt>
    <dd>
      <strong>{value}</strong> <span class="note">{note}</span>
    </dd>
  </div>
);
