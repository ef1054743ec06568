/** The settings of a site: what its editors may change, and what only its owner may. */
import { site } from '../../state/store.ts';
import { SiteCard } from './SiteCard.tsx';
import { Shares } from './Shares.tsx';
import { st } from './text.ts';
import { Tracker } from './Tracker.tsx';
import './settings.css';

export default function Settings() {
  const role = site.value?.role;
  if (role === undefined) return null;
  return (
    <div class="settings">
      <h1 class="visually-hidden">{st().title}</h1>
      <Tracker />
      {role === 'owner' ? (
        <>
          <SiteCard />
          <Shares />
        </>
      ) : null}
    </div>
  );
}
