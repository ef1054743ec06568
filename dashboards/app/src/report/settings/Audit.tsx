/** Who changed what of the site, newest first. */
import { useState } from 'preact/hooks';
import type { Change, Changes } from '../../api/schema.ts';
import { moment } from '../../format/date.ts';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { site as shownSite, siteId } from '../../state/store.ts';
import { factsOf, whatOf, whoOf } from './changes.ts';
import { st } from './text.ts';

/** Rows at first, and at most. */
const FEW = 10;
const MOST = 500;

export function Audit() {
  const [limit, setLimit] = useState(FEW);
  const zone = shownSite.value?.timezone ?? 'UTC';
  // One more says whether there are more.
  const asked = useRead<Changes>(`/api/v1/audit?site=${encodeURIComponent(siteId.value)}&limit=${Math.min(MOST, limit + 1)}`);
  return (
    <Card name="audit" title={st().audit}>
      <p class="note">{st().auditNote}</p>
      <Loaded of={asked} skeleton={<SkeletonRows rows={FEW} />}>
        {({ changes }) => (
          <>
            <ol class="changes">
              {changes.slice(0, limit).map((change, at) => (
                <Line key={`${change.at} ${change.what} ${change.detail}`} change={change} older={changes.slice(at + 1)} zone={zone} />
              ))}
            </ol>
            {changes.length > limit && limit < MOST ? (
              <button type="button" class="plain more" onClick={() => setLimit(MOST)}>
                {st().auditAll}
              </button>
            ) : null}
          </>
        )}
      </Loaded>
    </Card>
  );
}

const Line = ({ change, older, zone }: { change: Change; older: readonly Change[]; zone: string }) => (
  <li>
    <strong>{whatOf(change)}</strong>
    <span class="note">
      {whoOf(change)} · <time dateTime={change.at}>{moment(change.at, zone)}</time>
    </span>
    <span class="facts">
      {factsOf(change, older).map(({ name, value }) => (
        <span key={name + value}>
          {name ? <span class="note">{name} </span> : null}
          {value}
        </span>
      ))}
    </span>
  </li>
);
