/** No goal yet: what one is, and how it is defined. */
import { EmptyState } from '../../part/EmptyState.tsx';
import { siteId } from '../../state/store.ts';
import { gt } from './text.ts';

/** `add` opens the editor, for those who may. */
export function Empty({ add }: { add: (() => void) | undefined }) {
  if (!add) {
    return (
      <EmptyState title={gt().none}>
        <p>{gt().noneGuest}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={gt().none} snippet={`headcount goal add 'Signed up' --site ${siteId.value} --event signup`}>
      <p>{gt().noneWhy}</p>
      <p>
        <button type="button" class="primary" onClick={add}>
          {gt().add}
        </button>
      </p>
      <p class="note">{gt().noneHow}</p>
    </EmptyState>
  );
}
