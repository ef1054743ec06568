/** Who changed what of the site, newest first. */
import { useState } from 'preact/hooks';
import type { Changes } from '../../api/schema.ts';
import { moment } from '../../format/date.ts';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { site as shownSite, siteId } from '../../state/store.ts';
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
            <div class="scroll" tabIndex={0} role="region" aria-label={st().auditNote}>
              <table class="plain-table audit">
                <thead>
                  <tr>
                    {[st().when, st().who, st().what, st().detail].map((title) => (
                      <th key={title} scope="col">
                        {title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {changes.slice(0, limit).map(({ at, who, what, detail }) => (
                    <tr key={`${at} ${what} ${detail}`}>
                      <th scope="row">{moment(at, zone)}</th>
                      <td>{who}</td>
                      <td>{what.replaceAll('_', ' ')}</td>
                      <td class="detail">{detail}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
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
