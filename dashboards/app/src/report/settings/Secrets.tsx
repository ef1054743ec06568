/** Secrets that a site has given out, keys or links: the list, a new one with its secret told once, the end of one. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { remove, send } from '../../api/request.ts';
import { Card } from '../../part/Card.tsx';
import { Failed } from '../../part/form/Field.tsx';
import { Question } from '../../part/form/Question.tsx';
import { useSending } from '../../part/form/sending.ts';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import { siteId } from '../../state/store.ts';
import { Kept } from './Kept.tsx';
import { Once } from './Once.tsx';

interface Props<Given extends { id: string }, Made extends Given> {
  /** In the path of the API, in its answer and on the page. */
  name: 'keys' | 'shares';
  title: string;
  about: string;
  empty: string;
  nameOf: (given: Given) => string;
  noteOf: (given: Given) => string;
  /** What ends one; nothing for those that have ended. */
  ending: { words: string; label: (given: Given) => string; title: (name: string) => string; what: string; has: (given: Given) => boolean };
  adding: { words: string; wanted: () => object; clear: () => void };
  /** What is shown of a new one, this once. */
  once: (made: Made) => ComponentChildren;
  /** The fields of a new one. */
  children: ComponentChildren;
}

export function Secrets<Given extends { id: string }, Made extends Given>(props: Props<Given, Made>) {
  const { name, title, about, empty, nameOf, noteOf, ending, once } = props;
  const path = `/api/v1/sites/${encodeURIComponent(siteId.value)}/${name}`;
  const asked = useRead<Record<typeof name, readonly Given[]>>(path);
  const [made, setMade] = useState<Made>();
  const [leaving, setLeaving] = useState<Given>();
  const itemOf = (given: Given) => ({
    id: given.id,
    title: nameOf(given),
    note: noteOf(given),
    acts: ending.has(given) ? [] : [{ words: ending.words, label: ending.label(given), run: () => setLeaving(given) }],
  });
  return (
    <Card name={name} title={title}>
      <p class="note">{about}</p>
      <Loaded of={asked} skeleton={<SkeletonRows rows={2} />}>
        {(answer) => <Kept label={title} empty={empty} items={answer[name].map(itemOf)} />}
      </Loaded>
      {made ? (
        <Once key={made.id} name={nameOf(made)}>
          {once(made)}
        </Once>
      ) : null}
      <NewOne path={path} adding={props.adding} tell={setMade}>
        {props.children}
      </NewOne>
      {leaving ? (
        <Question
          title={ending.title(nameOf(leaving))}
          what={ending.what}
          action={ending.words}
          run={async () => {
            await remove(`${path}/${encodeURIComponent(leaving.id)}`);
            if (made?.id === leaving.id) setMade(undefined);
          }}
          close={() => setLeaving(undefined)}
        />
      ) : null}
    </Card>
  );
}

interface NewProps<Made> {
  path: string;
  adding: { words: string; wanted: () => object; clear: () => void };
  tell: (made: Made) => void;
  children: ComponentChildren;
}

function NewOne<Made>({ path, adding, tell, children }: NewProps<Made>) {
  const { busy, said, run } = useSending();
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await run(async () => tell(await send<Made>('POST', path, adding.wanted())))) adding.clear();
  };
  return (
    <form class="form" onSubmit={save}>
      <div class="pair">{children}</div>
      <Failed words={said} />
      <div class="acts">
        <button type="submit" class="primary" disabled={busy}>
          {adding.words}
        </button>
      </div>
    </form>
  );
}
