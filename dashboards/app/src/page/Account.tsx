/** Who is signed in, and how the page looks to them. What they choose is remembered in this browser. */
import { Menu } from '../part/Menu.tsx';
import { Popover } from '../part/Popover.tsx';
import { remember } from '../state/liking.ts';
import * as store from '../state/store.ts';
import { language, LANGUAGES, type Language } from '../text/catalogue.ts';
import { t } from '../text/words.ts';

interface Props {
  openPalette: () => void;
  openShortcuts: () => void;
}

const THEMES = ['system', 'light', 'dark'] as const;

export function Account({ openPalette, openShortcuts }: Props) {
  const user = store.session.value?.user ?? '';
  const { theme } = store.look.value;
  const face = (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="5.5" r="2.75" />
      <path d="M2.5 14c.6-3 2.8-4.5 5.5-4.5s4.9 1.5 5.5 4.5" />
    </svg>
  );
  const actions = [
    { id: 'palette', label: t().palette, key: '/', run: openPalette },
    { id: 'shortcuts', label: t().shortcuts, key: '?', run: openShortcuts },
    { id: 'leave', label: t().signOut, run: () => void store.leave() },
  ];
  const themes = THEMES.map((id) => ({
    id,
    label: t().themes[id],
    chosen: id === (theme || 'system'),
    run: () => remember('theme', id === 'system' ? '' : id),
  }));
  const languages = (Object.keys(LANGUAGES) as Language[]).map((id) => ({
    id,
    label: LANGUAGES[id],
    chosen: id === language.value,
    run: () => remember('lang', id),
  }));
  return (
    <Popover label={t().account} look="icon account" title={user && t().signedInAs(user)} button={face}>
      {(close) => (
        <>
          {user ? <p class="menu-title">{t().signedInAs(user)}</p> : null}
          <Menu label={t().account} items={actions} close={close} />
          <Menu label={t().theme} items={themes} close={close} titled />
          <Menu label={t().language} items={languages} close={close} titled />
        </>
      )}
    </Popover>
  );
}
