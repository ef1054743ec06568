/** The most frequent values of the last half hour; a click opens the traffic of today filtered by one. */
import { BarTable } from '../../part/BarTable.tsx';
import { Card } from '../../part/Card.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import type { LiveRow } from '../../state/live.ts';
import { openToday } from './open.ts';
import { lt } from './text.ts';

interface Props {
  name: string;
  title: string;
  dimension: string;
  /** Absent until there is a connection. */
  rows: readonly LiveRow[] | undefined;
}

export function NowList({ name, title, dimension, rows }: Props) {
  const shown = rows?.map(({ value, visitors }) => ({ value, numbers: [visitors] }));
  return (
    <Card name={name} title={title}>
      <div class="panel-body">
        {!shown ? (
          <SkeletonRows rows={4} />
        ) : shown.length > 0 ? (
          <BarTable rows={shown} dimension={dimension} measures={['visitors']} choose={(value) => openToday(dimension, value)} />
        ) : (
          <p class="empty">{lt().fewNow}</p>
        )}
      </div>
    </Card>
  );
}
