/** Links with which anybody reads the site. */
import { useState } from 'preact/hooks';
import { remove, send } from '../../api/request.ts';
import type { NewShare, Share, Shares as ShareList } from '../../api/schema.ts';
import { title as dateOf } from '../../format/date.ts';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { siteId } from '../../state/store.ts';
import { Failed, Field } from './Field.tsx';
import { Kept } from './Kept.tsx';
import { Question } from './Question.tsx';
import { useSending } from './sending.ts';
import { ShareMade } from './ShareMade.tsx';
import { st } from './text.ts';

/** The answer to a new link: its secret is told this once. */
export interface MadeShare extends Share {
  token: string;
  url: string;
}

const pathOf = (site: string) => `/api/v1/sites/${encodeURIComponent(site)}/shares`;

export function Shares() {
  const site = siteId.value;
  const asked = useRead<ShareList>(pathOf(site));
  const [made, setMade] = useState<MadeShare>();
  const [leaving, setLeaving] = useState<Share>();
  return (
    <Card name="shares" title={st().shares}>
      <p class="note">{st().sharesNote}</p>
      <Loaded of={asked} skeleton={<SkeletonRows rows={2} />}>
        {({ shares }) => <Kept label={st().shares} empty={st().noShares} items={shares.map((share) => itemOf(share, setLeaving))} />}
      </Loaded>
      {made ? <ShareMade key={made.id} made={made} /> : null}
      <NewLink site={site} tell={setMade} />
      {leaving ? (
        <Question
          title={st().removeShareTitle(leaving.name)}
          what={st().removeShareWhat}
          action={st().remove}
          run={async () => {
            await remove(`${pathOf(site)}/${encodeURIComponent(leaving.id)}`);
            if (made?.id === leaving.id) setMade(undefined);
          }}
          close={() => setLeaving(undefined)}
        />
      ) : null}
    </Card>
  );
}

function itemOf(share: Share, leave: (share: Share) => void) {
  const day = st().made(dateOf('day', share.created_at.slice(0, 10)));
  const note = share.has_password ? `${day} · ${st().withPassword}` : day;
  const act = { words: st().remove, label: st().removeShare(share.name), run: () => leave(share) };
  return { id: share.id, title: share.name, note, act };
}

function NewLink({ site, tell }: { site: string; tell: (made: MadeShare) => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { busy, said, run } = useSending();
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const wanted: NewShare = { name: name.trim(), ...(password && { password }) };
    const done = await run(async () => tell(await send<MadeShare>('POST', pathOf(site), wanted)));
    if (!done) return;
    setName('');
    setPassword('');
  };
  return (
    <form onSubmit={save}>
      <div class="pair">
        <Field label={st().shareName}>
          {(tied) => <input {...tied} required maxLength={100} placeholder={st().shareNameHint} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
        </Field>
        <Field label={st().sharePassword}>
          {(tied) => <input {...tied} type="password" autocomplete="new-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} />}
        </Field>
      </div>
      <Failed words={said} />
      <div class="acts">
        <button type="submit" class="primary" disabled={busy}>
          {st().addShare}
        </button>
      </div>
    </form>
  );
}
