/** What was brought in from files, and how to bring in more. */
import { useState } from 'preact/hooks';
import { remove } from '../../api/request.ts';
import type { Import, Imports as ImportList } from '../../api/schema.ts';
import { span, title as dateOf } from '../../format/date.ts';
import { Card } from '../../part/Card.tsx';
import { Snippet } from '../../part/CopyButton.tsx';
import { Field } from '../../part/form/Field.tsx';
import { Question } from '../../part/form/Question.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { siteId } from '../../state/store.ts';
import { importOf, SOURCES, type Source } from './importing.ts';
import { Kept, type KeptItem } from './Kept.tsx';
import { st } from './text.ts';

export function Imports() {
  const path = `/api/v1/sites/${encodeURIComponent(siteId.value)}/imports`;
  const asked = useRead<ImportList>(path);
  const [leaving, setLeaving] = useState<Import>();
  const itemOf = (one: Import): KeptItem => ({
    id: one.id,
    title: SOURCES[one.format as Source] ?? one.format,
    note: noteOf(one),
    // Events cannot be told apart from others once they are counted.
    acts: one.kind === 'totals' ? [{ words: st().remove, label: st().removeImport(one.id), run: () => setLeaving(one) }] : [],
  });
  return (
    <Card name="imports" title={st().imports}>
      <p class="note">{st().importsNote}</p>
      <Loaded of={asked} skeleton={<SkeletonRows rows={1} />}>
        {({ imports }) => <Kept label={st().imports} empty={st().noImports} items={imports.toReversed().map(itemOf)} />}
      </Loaded>
      <How />
      {leaving ? (
        <Question
          title={st().removeImportTitle}
          what={st().removeImportWhat}
          action={st().remove}
          run={() => remove(`${path}/${encodeURIComponent(leaving.id)}`)}
          close={() => setLeaving(undefined)}
        />
      ) : null}
    </Card>
  );
}

function noteOf({ first_day, last_day, events, ended_at, began_at, kind }: Import): string {
  const days = first_day && last_day ? [span([first_day, last_day])] : [];
  const counted = kind === 'events' ? [st().importedEvents(events)] : [];
  const state = ended_at ? st().made(dateOf('day', began_at.slice(0, 10))) : st().unfinished;
  return [...days, ...counted, state].join(' · ');
}

/** The command that brings in the past of what one comes from. */
function How() {
  const [source, setSource] = useState<Source>('combined');
  return (
    <div class="form">
      <Field label={st().importFrom}>
        {(tied) => (
          <select {...tied} value={source} onChange={(event) => setSource(event.currentTarget.value as Source)}>
            {Object.entries(SOURCES).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <p class="note">{st().importHow}</p>
      <Snippet text={importOf(siteId.value, source)} />
    </div>
  );
}
