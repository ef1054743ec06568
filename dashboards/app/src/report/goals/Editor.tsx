/** Defines a goal: a page, a feature, or a feature with a property. */
import { useState } from 'preact/hooks';
import { send } from '../../api/request.ts';
import { Dialog } from '../../part/Dialog.tsx';
import { Acts } from '../../part/form/Acts.tsx';
import { Failed, Field } from '../../part/form/Field.tsx';
import { useSending } from '../../part/form/sending.ts';
import { listQuestion, rowsOf } from '../../part/table.ts';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { goalOf, type Draft, type Kind } from './goals.ts';
import { gt } from './text.ts';

const KINDS: Kind[] = ['page', 'event', 'property'];
const BLANK: Draft = { kind: 'page', name: '', page: '', event: '', key: '', value: '' };

export function Editor({ close }: { close: () => void }) {
  const [draft, setDraft] = useState(BLANK);
  const { busy, said, run } = useSending();
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const path = `/api/v1/goals?site=${encodeURIComponent(store.siteId.peek())}`;
    if (await run(() => send('POST', path, goalOf(draft)))) close();
  };
  return (
    <Dialog title={gt().add} close={close}>
      <form class="form" onSubmit={save}>
        <fieldset class="choices">
          <legend>{gt().kind}</legend>
          {KINDS.map((kind) => (
            <label key={kind} class="choice">
              <input type="radio" name="kind" checked={draft.kind === kind} onChange={() => set({ kind })} />
              {gt().kinds[kind]}
            </label>
          ))}
        </fieldset>
        {/* Of another kind are other fields: a field that was of a page would keep its rules. */}
        <Fields key={draft.kind} draft={draft} set={set} />
        <Field label={gt().name}>
          {(tied) => <input {...tied} required maxLength={64} placeholder={gt().nameHint} value={draft.name} onInput={(event) => set({ name: event.currentTarget.value })} />}
        </Field>
        <p class="note">{gt().fromNow}</p>
        <Failed words={said} />
        <Acts action={gt().save} close={close} busy={busy} />
      </form>
    </Dialog>
  );
}

/** What the site has counted lately, to choose from. */
function useSeen(dimension: string): string[] {
  const asked = useQuery(listQuestion({ site: store.siteId.value, range: '28d', dimension, measures: ['visitors'], limit: 100 }));
  return asked.data ? rowsOf(asked.data).flatMap(({ value }) => (value.startsWith('(') || value === 'pageview' ? [] : value)) : [];
}

const Seen = ({ id, dimension }: { id: string; dimension: string }) => (
  <datalist id={id}>
    {useSeen(dimension).map((value) => (
      <option key={value} value={value} />
    ))}
  </datalist>
);

function Fields({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  if (draft.kind === 'page') {
    return (
      <>
        <Field label={gt().page}>
          {(tied) => <input {...tied} required list="goal-pages" pattern="[\/*].*" title={gt().pageHint} placeholder="/thank-you" value={draft.page} onInput={(event) => set({ page: event.currentTarget.value })} />}
        </Field>
        <Seen id="goal-pages" dimension="event:page" />
        <p class="note">{gt().pageHint}</p>
      </>
    );
  }
  return (
    <>
      <Field label={gt().event}>
        {(tied) => <input {...tied} required list="goal-events" maxLength={64} placeholder="signup" value={draft.event} onInput={(event) => set({ event: event.currentTarget.value })} />}
      </Field>
      <Seen id="goal-events" dimension="event:name" />
      {draft.kind === 'property' ? (
        <div class="pair">
          <Field label={gt().key}>
            {(tied) => <input {...tied} required maxLength={32} placeholder="plan" value={draft.key} onInput={(event) => set({ key: event.currentTarget.value })} />}
          </Field>
          <Field label={gt().value}>
            {(tied) => <input {...tied} required maxLength={128} placeholder="team" value={draft.value} onInput={(event) => set({ value: event.currentTarget.value })} />}
          </Field>
        </div>
      ) : null}
    </>
  );
}
