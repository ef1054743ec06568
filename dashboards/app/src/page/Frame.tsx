/** What stands around every report: bar, navigation, foot, and the windows that keys open. */
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useShortcuts } from '../state/keys.ts';
import * as store from '../state/store.ts';
import { language } from '../text/catalogue.ts';
import { said } from '../text/said.ts';
import { t } from '../text/words.ts';
import { Credits } from './Credits.tsx';
import { Header } from './Header.tsx';
import { PrintHead } from './PrintHead.tsx';
import { Lazy } from '../part/Lazy.tsx';

type Window = 'none' | 'palette' | 'shortcuts';

const palette = () => import('./Palette.tsx').then(({ Palette }) => Palette);
const shortcuts = () => import('./Shortcuts.tsx').then(({ Shortcuts }) => Shortcuts);

export function Frame({ children }: { children: ComponentChildren }) {
  const [open, setOpen] = useState<Window>('none');
  const spoken = language.value;
  const bound = useMemo(
    () => [
      { key: '/', label: t().palette, run: () => setOpen('palette') },
      { key: '?', label: t().shortcutsShow, run: () => setOpen('shortcuts') },
    ],
    [spoken],
  );
  useShortcuts(bound);
  const close = () => setOpen('none');
  const trouble = store.trouble.value;
  return (
    <>
      <a class="skip" href="#main">
        {t().skip}
      </a>
      <Header openPalette={() => setOpen('palette')} openShortcuts={() => setOpen('shortcuts')} />
      <main id="main" class="page" tabIndex={-1}>
        <PrintHead />
        {trouble ? (
          <p class="banner" role="status">
            {said(trouble)} {t().trouble}
          </p>
        ) : null}
        {children}
      </main>
      <Credits />
      {open === 'palette' ? <Lazy load={palette} with={{ close }} /> : null}
      {open === 'shortcuts' ? <Lazy load={shortcuts} with={{ close }} /> : null}
    </>
  );
}
