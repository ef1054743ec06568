/** The settings of a site: what its editors may change, and what only its owner may. */
import { st } from './text.ts';
import { Tracker } from './Tracker.tsx';
import './settings.css';

export default function Settings() {
  return (
    <div class="settings">
      <h1 class="visually-hidden">{st().title}</h1>
      <Tracker />
    </div>
  );
}
