/** What is counted and kept of the site: one form, of which only what was changed is sent. */
import type { TargetedKeyboardEvent, TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { known, send } from '../../api/request.ts';
import type { Site } from '../../api/schema.ts';
import { Card } from '../../part/Card.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { forgetAll, useRead } from '../../state/ask.ts';
import { goOn, held, siteId, start, unsaved } from '../../state/store.ts';
import { Failed } from '../../part/form/Field.tsx';
import { Question } from '../../part/form/Question.tsx';
import { draftOf, patchOf, refusedField, wrongOf, type Draft, type Field } from './site.ts';
import { SiteFields } from './SiteFields.tsx';
import { st } from './text.ts';
import { said as words } from '../../text/said.ts';

const pathOf = (site: string) => `/api/v1/sites/${encodeURIComponent(site)}`;

export function SiteCard() {
  const asked = useRead<Site>(pathOf(siteId.value));
  return (
    <Card name="site" title={st().site}>
      <Loaded of={asked} skeleton={<SkeletonBox height="46rem" />}>
        {(site) => <Form site={site} />}
      </Loaded>
    </Card>
  );
}

type Said = Partial<Record<Field | 'form', string>>;

function Form({ site }: { site: Site }) {
  const [draft, setDraft] = useState(() => draftOf(site));
  // What the form is compared with: the site of the last answer to a save, not of the beat.
  const [from, setFrom] = useState(site);
  const [said, setSaid] = useState<Said>({});
  const [state, setState] = useState<'still' | 'busy' | 'saved'>('still');
  const patch = patchOf(from, draft);
  useStaying(patch !== undefined);

  const set = (change: Partial<Draft>) => {
    setDraft({ ...draft, ...change });
    setSaid({});
    setState('still');
  };
  const save = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!patch || state === 'busy') return;
    const wrong = Object.entries(wrongOf(draft)).map(([field, what]) => [field, st().wrong[what]]);
    if (wrong.length > 0) return setSaid(Object.fromEntries(wrong));
    setState('busy');
    setSaid({});
    try {
      const now = await send<Site>('PATCH', pathOf(from.id), patch);
      setFrom(now);
      setDraft(draftOf(now));
      setState('saved');
      forgetAll();
      // The zone and the domains are in what is known of who looks, too.
      void start();
    } catch (failure) {
      const error = known(failure);
      const message = words(error);
      const field = refusedField(error.code, patch);
      // At its field, the name in front says nothing new.
      setSaid(field ? { [field]: message.replace(/^[a-z_]+: /, '') } : { form: message });
      setState('still');
    }
  };
  return (
    <>
      <form class="form" onSubmit={save} onKeyDown={saveFromLines}>
        <SiteFields draft={draft} set={set} said={said} />
        <Failed words={said.form ?? ''} />
        <div class="acts">
          <button type="submit" class="primary" disabled={!patch || state === 'busy'}>
            {st().save}
          </button>
          <button type="button" class="plain" disabled={!patch || state === 'busy'} onClick={() => set(draftOf(from))}>
            {st().discard}
          </button>
          <p class="note" role="status">
            {state === 'saved' ? <span class="better">{st().saved}</span> : patch ? st().unsaved : ''}
          </p>
        </div>
      </form>
      <Leaving />
    </>
  );
}

/** In a field of lines Enter begins a new one: with Ctrl or Cmd it saves. */
function saveFromLines(event: TargetedKeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}

/** Asks before the page, or the report, is left with something unsaved: from the moment it is shown, not one frame later. */
function useStaying(dirty: boolean): void {
  useLayoutEffect(() => {
    if (!dirty) return;
    unsaved.value = true;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => {
      unsaved.value = false;
      removeEventListener('beforeunload', stay);
    };
  }, [dirty]);
}

/** Shown when somebody is about to go elsewhere. */
function Leaving() {
  if (!held.value) return null;
  return <Question title={st().leaveTitle} what={st().leaveWhat} action={st().leave} keep={st().stay} run={goOn} close={() => (held.value = undefined)} />;
}
