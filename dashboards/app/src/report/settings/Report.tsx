/** The settings of a site: what its editors may change, and what only its owner may. */
import { site } from '../../state/store.ts';
import { Audit } from './Audit.tsx';
import { Danger } from './Danger.tsx';
import { Imports } from './Imports.tsx';
import { Keys } from './Keys.tsx';
import { Notes } from './Notes.tsx';
import { Shares } from './Shares.tsx';
import { SiteCard } from './SiteCard.tsx';
import { st } from './text.ts';
import { Tracker } from './Tracker.tsx';
import { Places } from './Places.tsx';
import './settings.css';

export default function Settings() {
  const role = site.value?.role;
  if (role === undefined) return null;
  const owns = role === 'owner';
  return (
    <div class="settings">
      <h1 class="visually-hidden">{st().title}</h1>
      <Places />
      <Tracker />
      {owns ? <SiteCard /> : null}
      <Notes />
      {owns ? (
        <>
          <Shares />
          <Keys />
          <Imports />
          <Audit />
          <Danger />
        </>
      ) : null}
    </div>
  );
}
