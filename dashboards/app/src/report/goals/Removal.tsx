/** Asks before a goal is removed. */
import { remove } from '../../api/request.ts';
import type { Goal } from '../../api/schema.ts';
import { Question } from '../../part/form/Question.tsx';
import { siteId } from '../../state/store.ts';
import { gt } from './text.ts';

export const Removal = ({ goal, close }: { goal: Goal; close: () => void }) => (
  <Question
    title={gt().removeTitle(goal.name)}
    what={gt().removeWhat}
    action={gt().remove}
    run={() => remove(`/api/v1/goals/${encodeURIComponent(goal.name)}?site=${encodeURIComponent(siteId.peek())}`)}
    close={close}
  />
);
