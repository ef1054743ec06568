/** Keys of programs. */
import { useState } from 'preact/hooks';
import type { Key, MadeKey, NewKey } from '../../api/schema.ts';
import { title as dateOf } from '../../format/date.ts';
import { Snippet } from '../../part/CopyButton.tsx';
import { Field } from '../../part/form/Field.tsx';
import { Secrets } from './Secrets.tsx';
import { st } from './text.ts';

const day = (at: string) => dateOf('day', at.slice(0, 10));

function noteOf({ id, scope, created_at, expires_at, revoked_at }: Key): string {
  const expires = expires_at ? [st().expires(day(expires_at))] : [];
  const ends = revoked_at ? [st().revoked(day(revoked_at))] : expires;
  return [id, st().scopes[scope] ?? scope, st().made(day(created_at)), ...ends].join(' · ');
}

export function Keys() {
  const [label, setLabel] = useState('');
  const [scope, setScope] = useState('read');
  const wanted = (): NewKey => ({ scope, label: label.trim() });
  return (
    <Secrets<Key, MadeKey>
      name="keys"
      title={st().keys}
      about={st().keysNote}
      empty={st().noKeys}
      nameOf={(key) => key.label || st().noLabel}
      noteOf={noteOf}
      ending={{ words: st().revoke, label: ({ id }) => st().revokeKey(id), title: st().revokeTitle, what: st().revokeWhat, has: ({ revoked_at }) => Boolean(revoked_at) }}
      adding={{ words: st().addKey, wanted, clear: () => setLabel('') }}
      once={(made) => <Snippet text={made.key} />}
    >
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
    </Secrets>
  );
}
