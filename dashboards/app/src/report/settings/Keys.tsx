/** Keys of programs. */
import { useState } from 'preact/hooks';
import { remove, send } from '../../api/request.ts';
import type { Key, Keys as KeyList, NewKey } from '../../api/schema.ts';
import { title as dateOf } from '../../format/date.ts';
import { Card } from '../../part/Card.tsx';
import { Snippet } from '../../part/CopyButton.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { siteId } from '../../state/store.ts';
import { Failed, Field } from './Field.tsx';
import { Kept, type KeptItem } from './Kept.tsx';
import { Once } from './Once.tsx';
import { Question } from './Question.tsx';
import { useSending } from './sending.ts';
import { st } from './text.ts';

/** The answer to a new key: its secret is told this once. */
interface MadeKey extends Key {
  key: string;
}

const pathOf = (site: string) => `/api/v1/sites/${encodeURIComponent(site)}/keys`;
const nameOf = (key: Key) => key.label || st().noLabel;

export function Keys() {
  const site = siteId.value;
  const asked = useRead<KeyList>(pathOf(site));
  const [made, setMade] = useState<MadeKey>();
  const [leaving, setLeaving] = useState<Key>();
  return (
    <Card name="keys" title={st().keys}>
      <p class="note">{st().keysNote}</p>
      <Loaded of={asked} skeleton={<SkeletonRows rows={2} />}>
        {({ keys }) => <Kept label={st().keys} empty={st().noKeys} items={keys.map((key) => itemOf(key, setLeaving))} />}
      </Loaded>
      {made ? (
        <Once key={made.id} name={nameOf(made)}>
          <Snippet text={made.key} />
        </Once>
      ) : null}
      <NewOne site={site} tell={setMade} />
      {leaving ? (
        <Question
          title={st().revokeTitle(nameOf(leaving))}
          what={st().revokeWhat}
          action={st().revoke}
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

function itemOf(key: Key, leave: (key: Key) => void): KeptItem {
  const day = (at: string) => dateOf('day', at.slice(0, 10));
  const ends = key.revoked_at ? [st().revoked(day(key.revoked_at))] : [];
  const note = [key.id, st().scopes[key.scope] ?? key.scope, st().made(day(key.created_at)), ...ends].join(' · ');
  const act = { words: st().revoke, label: st().revokeKey(key.id), run: () => leave(key) };
  return { id: key.id, title: nameOf(key), note, ...(key.revoked_at ? {} : { act }) };
}

function NewOne({ site, tell }: { site: string; tell: (made: MadeKey) => void }) {
  const [label, setLabel] = useState('');
  const [scope, setScope] = useState('read');
  const { busy, said, run } = useSending();
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const wanted: NewKey = { scope, label: label.trim() };
    if (await run(async () => tell(await send<MadeKey>('POST', pathOf(site), wanted)))) setLabel('');
  };
  return (
    <form onSubmit={save}>
      <div class="pair">
        <Field label={st().scope}>
          {(tied) => (
            <select {...tied} value={scope} onChange={(event) => setScope(event.currentTarget.value)}>
              {Object.entries(st().scopes).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={st().label}>
          {(tied) => <input {...tied} maxLength={100} placeholder={st().labelHint} value={label} onInput={(event) => setLabel(event.currentTarget.value)} />}
        </Field>
      </div>
      <Failed words={said} />
      <div class="acts">
        <button type="submit" class="primary" disabled={busy}>
          {st().addKey}
        </button>
      </div>
    </form>
  );
}
