/** Who changed what of the site, newest first. */
import { useState } from 'preact/hooks';
import type { Change, Changes, Key } from '../../api/schema.ts';
import { moment } from '../../format/date.ts';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { site as shownSite, siteId } from '../../state/store.ts';
import { factsOf, whatOf, whoOf, type Names } from './changes.ts';
import { st } from './text.ts';

/** Rows at first, and at most. */
const FEW = 10;
const MOST = 500;

export function Audit() {
  const [limit, setLimit] = useState(FEW);
  const zone = shownSite.value?.timezone ?? 'UTC';
  // One more says whether there are more.
  const asked = useRead<Changes>(`/api/v1/audit?site=${encodeURIComponent(siteId.value)}&limit=${Math.min(MOST, limit + 1)}`);
  // The same question as the card of the keys: it is asked once.
  const given = useRead<{ keys: Key[] }>(`/api/v1/sites/${encodeURIComponent(siteId.value)}/keys`);
  const keys: Names = new Map(given.data?.keys.filter(({ label }) => label).map(({ id, label }) => [id, label]));
  return (
    <Card name="audit" title={st().audit}>
      <p class="note">{st().auditNote}</p>
      <Loaded of={asked} skeleton={<SkeletonRows rows={FEW} />}>
        {({ changes }) => (
          <>
            <ol class="changes">
              {changes.slice(0, limit).map((change, at) => (
                <Line key={`${change.at} ${change.what} ${change.detail}`} change={change} older={changes.slice(at + 1)} known={{ zone, keys }} />
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

interface LineProps {
  change: Change;
  older: readonly Change[];
  known: { zone: string; keys: Names };
}

const Line = ({ change, older, known: { zone, keys } }: LineProps) => (
  <li>
    <strong>{whatOf(change)}</strong>
    <span class="note">
      {whoOf(change, keys)} · <time dateTime={change.at}>{moment(change.at, zone)}</time>
    </span>
    <span class="facts">
      {factsOf(change, older, keys).map(({ name, value }) => (
        <span key={name + value}>
          {name ? <span class="note">{name} </span> : null}
          {value}
        </span>
      ))}
    </span>
  </li>
);
