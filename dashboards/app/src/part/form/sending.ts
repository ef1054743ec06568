/** One change at a time: whether it is on its way, and what was said against it. */
import { useState } from 'preact/hooks';
import { known } from '../../api/request.ts';
import { forgetAll } from '../../state/ask.ts';
import { said as words } from '../../text/said.ts';

export function useSending() {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  /** Runs the change; whether it was made. */
  const run = async (change: () => Promise<unknown>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setSaid('');
    try {
      await change();
      forgetAll();
      return true;
    } catch (failure) {
      setSaid(words(known(failure)));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, said, run };
}
