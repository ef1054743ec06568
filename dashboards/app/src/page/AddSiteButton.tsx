/** Opens the form of a new site, for those who may add one. */
import { useState } from 'preact/hooks';
import { Lazy } from '../part/Lazy.tsx';
import { session } from '../state/store.ts';
import { t } from '../text/words.ts';

const form = () => import('./AddSite.tsx').then(({ AddSite }) => AddSite);

export function AddSiteButton() {
  const [open, setOpen] = useState(false);
  if (!session.value?.owner) return null;
  return (
    <>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        {t().newSite}
      </button>
      {open ? <Lazy load={form} with={{ close: () => setOpen(false) }} /> : null}
    </>
  );
}
