/** The most frequent values of today; a click opens the traffic of today filtered by one. */
import type { Measure } from '../../api/query.ts';
import { BarTable } from '../../part/BarTable.tsx';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { ReportMenu } from '../../part/ReportMenu.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { listQuestion, rowsOf } from '../../part/table.ts';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { t, w } from '../../text/words.ts';
import { openToday } from './open.ts';

const ROWS = 9;

interface Props {
  name: string;
  title: string;
  dimension: string;
  measures: Measure[];
}

export function TodayList({ name, title, dimension, measures }: Props) {
  const question = listQuestion({ site: store.siteId.value, range: 'day', dimension, measures, limit: ROWS });
  const asked = useQuery(question);
  const rows = asked.data ? rowsOf(asked.data) : [];
  const choose = (value: string) => openToday(dimension, value);
  const sheet = () => ({
    columns: [dimension, ...measures.map((measure) => w().measures[measure])],
    rows: rows.map(({ value, numbers }) => [value, ...numbers]),
  });
  return (
    <Card name={name} title={title} tools={<ReportMenu title={title} sheet={sheet} call={question} />}>
      <div class="panel-body">
        <Loaded of={asked} skeleton={<SkeletonRows rows={ROWS} />}>
          {() => (rows.length > 0 ? <BarTable rows={rows} dimension={dimension} measures={measures} choose={choose} /> : <p class="empty">{t().noData}</p>)}
        </Loaded>
      </div>
    </Card>
  );
}
