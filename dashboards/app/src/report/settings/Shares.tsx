/** Links with which anybody reads the site. */
import { useState } from 'preact/hooks';
import type { MadeShare, NewShare, Share } from '../../api/schema.ts';
import { title as dateOf } from '../../format/date.ts';
import { Field } from '../../part/form/Field.tsx';
import { Secrets } from './Secrets.tsx';
import { ShareMade } from './ShareMade.tsx';
import { st } from './text.ts';

function noteOf({ created_at, has_password }: Share): string {
  const day = st().made(dateOf('day', created_at.slice(0, 10)));
  return has_password ? `${day} · ${st().withPassword}` : day;
}

export function Shares() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const wanted = (): NewShare => ({ name: name.trim(), ...(password && { password }) });
  const clear = () => {
    setName('');
    setPassword('');
  };
  return (
    <Secrets<Share, MadeShare>
      name="shares"
      title={st().shares}
      about={st().sharesNote}
      empty={st().noShares}
      nameOf={(share) => share.name}
      noteOf={noteOf}
      ending={{ words: st().remove, label: (share) => st().removeShare(share.name), title: st().removeShareTitle, what: st().removeShareWhat, has: () => false }}
      adding={{ words: st().addShare, wanted, clear }}
      once={(made) => <ShareMade made={made} />}
    >
      <Field label={st().shareName}>
        {(tied) => <input {...tied} required maxLength={100} placeholder={st().shareNameHint} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
      </Field>
      <Field label={st().sharePassword}>
        {(tied) => <input {...tied} type="password" autocomplete="new-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} />}
      </Field>
    </Secrets>
  );
}
