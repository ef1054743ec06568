/** Asks before a funnel is removed. */
import { useState } from 'preact/hooks';
import { known, remove } from '../../api/request.ts';
import type { Funnel } from '../../api/schema.ts';
import { Dialog } from '../../part/Dialog.tsx';
import { forgetAll } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { ft } from './text.ts';
import { said as words } from '../../text/said.ts';

export function Removal({ funnel, close }: { funnel: Funnel; close: () => void }) {
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await remove(`/api/v1/funnels/${encodeURIComponent(funnel.id)}?site=${encodeURIComponent(store.siteId.peek())}`);
      close();
      store.setOwn('funnel', '');
      forgetAll();
    } catch (failure) {
      setSaid(words(known(failure)));
      setBusy(false);
    }
  };
  return (
    <Dialog title={ft().removeTitle(funnel.name)} close={close}>
      <p>{ft().removeWhat}</p>
      {said ? (
        <p class="worse" role="alert">
          {said}
        </p>
      ) : null}
      <div class="funnel-actions">
        <button type="button" class="plain" onClick={close}>
          {ft().keep}
        </button>
        <button type="button" class="primary funnel-danger" disabled={busy} onClick={run}>
          {ft().remove}
        </button>
      </div>
    </Dialog>
  );
}
