/** Asks before a goal is removed. */
import { useState } from 'preact/hooks';
import { known, remove } from '../../api/request.ts';
import type { Goal } from '../../api/schema.ts';
import { Dialog } from '../../part/Dialog.tsx';
import { forgetAll } from '../../state/ask.ts';
import { siteId } from '../../state/store.ts';
import { gt } from './text.ts';

export function Removal({ goal, close }: { goal: Goal; close: () => void }) {
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await remove(`/api/v1/goals/${encodeURIComponent(goal.name)}?site=${encodeURIComponent(siteId.peek())}`);
      forgetAll();
      close();
    } catch (failure) {
      setSaid(known(failure).message);
      setBusy(false);
    }
  };
  return (
    <Dialog title={gt().removeTitle(goal.name)} close={close}>
      <p>{gt().removeWhat}</p>
      {said ? (
        <p class="worse" role="alert">
          {said}
        </p>
      ) : null}
      <div class="dialog-actions">
        <button type="button" class="plain" onClick={close}>
          {gt().keep}
        </button>
        <button type="button" class="primary danger" disabled={busy} onClick={run}>
          {gt().remove}
        </button>
      </div>
    </Dialog>
  );
}
