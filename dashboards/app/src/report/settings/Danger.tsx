/** Removes the site, once its id has been typed. */
import { useState } from 'preact/hooks';
import { removeConfirmed } from '../../api/request.ts';
import { Card } from '../../part/Card.tsx';
import { go, siteId, start, toSite } from '../../state/store.ts';
import { Question } from '../../part/form/Question.tsx';
import { st } from './text.ts';

export function Danger() {
  const site = siteId.value;
  const [asking, setAsking] = useState(false);
  return (
    <Card name="danger" title={st().danger} look="danger-zone">
      <p>{st().dangerNote}</p>
      <div class="acts">
        <button type="button" class="plain danger" onClick={() => setAsking(true)}>
          {st().removeSite}
        </button>
      </div>
      {asking ? (
        <Question
          title={st().removeSiteTitle(site)}
          what={st().dangerNote}
          action={st().removeSite}
          typed={{ label: st().typeId(site), text: site }}
          run={async () => {
            await removeConfirmed(`/api/v1/sites/${encodeURIComponent(site)}`, site);
            await start();
            // Back would lead to a site that is gone.
            go(toSite(''), 'replace');
            scrollTo(0, 0);
          }}
          close={() => setAsking(false)}
        />
      ) : null}
    </Card>
  );
}
