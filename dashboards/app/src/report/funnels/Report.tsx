/** Funnels: how many take each step of a way, and where the others leave. */
import { useState } from 'preact/hooks';
import type { Funnel, Funnels as FunnelList, Goals } from '../../api/schema.ts';
import { Link } from '../../part/Link.tsx';
import { Problem } from '../../part/Problem.tsx';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { Editor } from './Editor.tsx';
import { Empty } from './Empty.tsx';
import { Removal } from './Removal.tsx';
import { Steps } from './Steps.tsx';
import { ft } from './text.ts';
import './funnels.css';

type Open = { is: 'editor'; steps: string[] } | { is: 'removal'; funnel: Funnel };

export default function Funnels() {
  const site = encodeURIComponent(store.siteId.value);
  const defined = useRead<FunnelList>(`/api/v1/funnels?site=${site}`);
  const goals = useRead<Goals>(`/api/v1/goals?site=${site}`).data?.goals.map(({ name }) => name);
  const [open, setOpen] = useState<Open>();
  const list = defined.data?.funnels ?? [];
  const chosen = list.find(({ id }) => id === store.view.value.own['funnel']) ?? list[0];
  const close = () => setOpen(undefined);
  const add = (steps: string[]) => setOpen({ is: 'editor', steps });
  const mayAdd = store.mayEdit.value;
  return (
    <>
      <h1 class="visually-hidden">{ft().title}</h1>
      {store.filter.value ? <p class="note unfiltered">{ft().notFiltered}</p> : null}
      {defined.error ? <Problem error={defined.error} again={defined.again} /> : null}
      {!defined.data && !defined.error ? <SkeletonBox height="26rem" /> : null}
      {defined.data && !chosen ? <Empty goals={goals} add={mayAdd ? () => add([]) : undefined} /> : null}
      {chosen ? (
        <>
          <Choice list={list} chosen={chosen} add={mayAdd ? () => add([]) : undefined} />
          <Steps
            key={chosen.id}
            funnel={chosen}
            copy={mayAdd ? () => add(chosen.steps) : undefined}
            remove={mayAdd ? () => setOpen({ is: 'removal', funnel: chosen }) : undefined}
          />
        </>
      ) : null}
      {open?.is === 'editor' ? <Editor goals={goals ?? []} steps={open.steps} close={close} /> : null}
      {open?.is === 'removal' ? <Removal funnel={open.funnel} close={close} /> : null}
    </>
  );
}

function Choice({ list, chosen, add }: { list: Funnel[]; chosen: Funnel; add: (() => void) | undefined }) {
  return (
    <div class="funnel-choice">
      <nav aria-label={ft().choose}>
        {list.map(({ id, name }) => (
          <Link key={id} to={{ own: { funnel: id } }} current={id === chosen.id}>
            {name}
          </Link>
        ))}
      </nav>
      {add ? (
        <button type="button" class="plain" onClick={add}>
          {ft().add}
        </button>
      ) : null}
    </div>
  );
}
