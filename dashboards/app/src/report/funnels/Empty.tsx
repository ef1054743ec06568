/** No funnel yet: what one is, and how it is defined. */
import { Snippet } from '../../part/CopyButton.tsx';
import { EmptyState } from '../../part/EmptyState.tsx';
import { Link } from '../../part/Link.tsx';
import { reportAt } from '../registry.ts';
import { siteId, toReport } from '../../state/store.ts';
import { t } from '../../text/words.ts';
import { ft } from './text.ts';

/** `goals`: their names; not known yet while undefined. `add` opens the editor, for those who may. */
export function Empty({ goals, add }: { goals: string[] | undefined; add: (() => void) | undefined }) {
  if (!add) {
    return (
      <EmptyState title={ft().none}>
        <p>{ft().noneGuest}</p>
      </EmptyState>
    );
  }
  if (goals && goals.length < 2) return <NoGoals />;
  const [first = 'Saw pricing', second = 'Signed up'] = goals ?? [];
  return (
    <EmptyState title={ft().none}>
      <p>{ft().noneWhy}</p>
      <p>
        <button type="button" class="primary" onClick={add}>
          {ft().add}
        </button>
      </p>
      <p class="note">{ft().noneHow}</p>
      <Snippet text={`headcount funnel add ${quoted(ft().nameHint)} --site ${siteId.value} \\\n  --step ${quoted(first)} --step ${quoted(second)}`} />
    </EmptyState>
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function NoGoals() {
  const site = siteId.value;
  return (
    <EmptyState title={ft().none}>
      <p>{ft().noneWhy}</p>
      <p>{ft().noGoals}</p>
      {reportAt('goals') ? (
        <p>
          <Link to={toReport('goals')}>{t().reports.goals}</Link>
        </p>
      ) : null}
      <p class="note">{ft().noGoalsHow}</p>
      <Snippet
        text={`headcount goal add 'Saw pricing' --site ${site} --page /pricing\nheadcount goal add 'Signed up' --site ${site} --event signup`}
      />
    </EmptyState>
  );
}
