/** The keys that do something on this page. */
import { Dialog } from '../part/Dialog.tsx';
import { shortcuts } from '../state/keys.ts';
import { t } from '../text/words.ts';

const SIGNS: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc' };
const sign = (key: string): string => SIGNS[key] ?? key.toUpperCase();

export const Shortcuts = ({ close }: { close: () => void }) => (
  <Dialog title={t().shortcuts} close={close}>
    <dl class="keys">
      {shortcuts.value.map(({ key, label }) => (
        <div key={key}>
          <dt>
            <kbd>{sign(key)}</kbd>
          </dt>
          <dd>{label}</dd>
        </div>
      ))}
    </dl>
  </Dialog>
);
