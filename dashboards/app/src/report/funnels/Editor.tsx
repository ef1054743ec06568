/** Defines a funnel: a name, and goals in the order they are to be reached. */
import { useRef, useState } from 'preact/hooks';
import { send } from '../../api/request.ts';
import type { Funnel } from '../../api/schema.ts';
import { Dialog } from '../../part/Dialog.tsx';
import { Acts } from '../../part/form/Acts.tsx';
import { Failed, Field } from '../../part/form/Field.tsx';
import { useSending } from '../../part/form/sending.ts';
import * as store from '../../state/store.ts';
import { movedTo } from './steps.ts';
import { ft } from './text.ts';

/** The most steps the server takes. */
const MOST = 8;

interface Props {
  /** Names of the site's goals. */
  goals: readonly string[];
  /** To begin with. */
  steps: readonly string[];
  close: () => void;
}

export function Editor({ goals, steps: first, close }: Props) {
  const [name, setName] = useState('');
  const [steps, setSteps] = useState<string[]>(first.length ? [...first] : ['', '']);
  const { busy, said, run } = useSending();
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const path = `/api/v1/funnels?site=${encodeURIComponent(store.siteId.peek())}`;
    const add = async () => store.setOwn('funnel', (await send<Funnel>('POST', path, { name, steps })).id);
    if (await run(add)) close();
  };
  return (
    <Dialog title={ft().add} close={close}>
      <form class="form funnel-form" onSubmit={save}>
        <Field label={ft().name}>
          {(tied) => <input {...tied} required maxLength={64} placeholder={ft().nameHint} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
        </Field>
        <StepList goals={goals} steps={steps} change={setSteps} />
        <p class="note">{ft().fromNow}</p>
        <Failed words={said} />
        <Acts action={ft().save} close={close} busy={busy} />
      </form>
    </Dialog>
  );
}

interface ListProps {
  goals: readonly string[];
  steps: readonly string[];
  change: (steps: string[]) => void;
}

function StepList({ goals, steps, change }: ListProps) {
  const box = useRef<HTMLOListElement>(null);
  const [spoken, setSpoken] = useState('');
  const focus = (at: number, what: string) =>
    requestAnimationFrame(() => {
      const row = box.current?.children[at];
      (row?.querySelector<HTMLElement>(`${what}:not(:disabled)`) ?? row?.querySelector<HTMLElement>('button:not(:disabled), select'))?.focus();
    });
  const move = (at: number, to: number) => {
    change(movedTo(steps, at, to));
    setSpoken(ft().moved(steps[at] || ft().stepLabel(at + 1), to + 1));
    focus(to, to < at ? '.up' : '.down');
  };
  const drop = (at: number) => {
    change(steps.toSpliced(at, 1));
    focus(Math.max(0, at - 1), 'select');
  };
  const add = () => {
    change([...steps, '']);
    focus(steps.length, 'select');
  };
  return (
    <fieldset>
      <legend>{ft().order}</legend>
      <ol ref={box}>
        {steps.map((step, at) => (
          <li key={at}>
            <select required aria-label={ft().stepLabel(at + 1)} value={step} onChange={(event) => change(steps.with(at, event.currentTarget.value))}>
              <option value="">{ft().chooseGoal}</option>
              {goals.map((goal) => (
                <option key={goal} value={goal} disabled={goal !== step && steps.includes(goal)}>
                  {goal}
                </option>
              ))}
            </select>
            <IconButton look="up" label={ft().up(at + 1)} path="M8 13V3M4 7l4-4 4 4" off={at === 0} run={() => move(at, at - 1)} />
            <IconButton look="down" label={ft().down(at + 1)} path="M8 3v10M4 9l4 4 4-4" off={at === steps.length - 1} run={() => move(at, at + 1)} />
            <IconButton look="drop-step" label={ft().drop(at + 1)} path="M4 4l8 8M12 4l-8 8" off={steps.length <= 2} run={() => drop(at)} />
          </li>
        ))}
      </ol>
      <div class="funnel-add">
        <button type="button" class="plain" disabled={steps.length >= Math.min(MOST, goals.length)} onClick={add}>
          {ft().addStep}
        </button>
        <span class="note">{steps.length >= MOST ? ft().most : ft().twice}</span>
      </div>
      <p class="visually-hidden" role="status">
        {spoken}
      </p>
    </fieldset>
  );
}

interface IconProps {
  look: string;
  label: string;
  path: string;
  off: boolean;
  run: () => void;
}

const IconButton = ({ look, label, path, off, run }: IconProps) => (
  <button type="button" class={`step ${look}`} aria-label={label} title={label} disabled={off} onClick={run}>
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  </button>
);
