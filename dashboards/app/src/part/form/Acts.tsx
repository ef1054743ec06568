/** The foot of a form in a dialog: leave it, or do it. */
import { t } from '../../text/words.ts';

interface Props {
  /** What the button that does it says. */
  action: string;
  close: () => void;
  /** It cannot be done now. */
  busy: boolean;
  /** What the other button says. */
  keep?: string | undefined;
  /** Something is gone for good then. */
  danger?: boolean;
}

export const Acts = ({ action, close, busy, keep, danger }: Props) => (
  <div class="acts">
    <button type="button" class="plain" onClick={close}>
      {keep ?? t().cancel}
    </button>
    <button type="submit" class={danger ? 'primary danger' : 'primary'} disabled={busy}>
      {action}
    </button>
  </div>
);
