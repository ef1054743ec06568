/** A new site: its name, its hosts, its zone. Then its settings, which say what to paste. Loaded when it is asked for. */
import { useState } from 'preact/hooks';
import { send } from '../api/request.ts';
import type { NewSite } from '../api/schema.ts';
import { Dialog } from '../part/Dialog.tsx';
import { Acts } from '../part/form/Acts.tsx';
import { Failed, Field } from '../part/form/Field.tsx';
import { useSending } from '../part/form/sending.ts';
import { Zones } from '../part/form/Zones.tsx';
import { go, start, toSite } from '../state/store.ts';
import { catalogue } from '../text/catalogue.ts';
import english from '../text/en/sites.ts';

const text = catalogue('sites', english);
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function AddSite({ close }: { close: () => void }) {
  const [id, setId] = useState('');
  const [domains, setDomains] = useState('');
  const [timezone, setTimezone] = useState(HERE);
  const { busy, said, run } = useSending();
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const hosts = domains.split(/[\s,]+/).filter(Boolean);
    const wanted: NewSite = { id: id.trim(), timezone: timezone.trim(), ...(hosts.length > 0 && { domains: hosts }) };
    if (!(await run(() => send('POST', '/api/v1/sites', wanted)))) return;
    await start();
    close();
    go({ ...toSite(wanted.id), report: 'settings' });
  };
  return (
    <Dialog title={text().add} close={close}>
      <form class="form" onSubmit={save}>
        <Field label={text().id} note={text().idNote}>
          {(tied) => (
            <input {...tied} required autofocus maxLength={64} pattern="[A-Za-z0-9][A-Za-z0-9._\-]*" autocapitalize="none" spellcheck={false} placeholder={text().idHint} value={id} onInput={(event) => setId(event.currentTarget.value)} />
          )}
        </Field>
        <Field label={text().domains} note={text().domainsNote}>
          {(tied) => <input {...tied} autocapitalize="none" spellcheck={false} value={domains} onInput={(event) => setDomains(event.currentTarget.value)} />}
        </Field>
        <Field label={text().timezone} note={text().timezoneNote}>
          {(tied) => <input {...tied} required list="zones" autocomplete="off" value={timezone} onInput={(event) => setTimezone(event.currentTarget.value)} />}
        </Field>
        <Zones />
        <Failed words={said} />
        <Acts action={text().add} close={close} busy={busy} />
      </form>
    </Dialog>
  );
}
