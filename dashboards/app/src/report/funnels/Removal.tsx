/** Asks before a funnel is removed. */
import { remove } from '../../api/request.ts';
import type { Funnel } from '../../api/schema.ts';
import { Question } from '../../part/form/Question.tsx';
import * as store from '../../state/store.ts';
import { ft } from './text.ts';

export function Removal({ funnel, close }: { funnel: Funnel; close: () => void }) {
  const run = async () => {
    await remove(`/api/v1/funnels/${encodeURIComponent(funnel.id)}?site=${encodeURIComponent(store.siteId.peek())}`);
    store.setOwn('funnel', '');
  };
  return <Question title={ft().removeTitle(funnel.name)} what={ft().removeWhat} action={ft().remove} keep={ft().keep} run={run} close={close} />;
}
