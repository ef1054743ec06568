/** The parts of the page beside it, where there is room: it is long. */
import { site } from '../../state/store.ts';
import { catalogue } from '../../text/catalogue.ts';
import english from '../../text/en/notes.ts';
import { st } from './text.ts';

const notes = catalogue('notes', english);

function show(event: MouseEvent, name: string): void {
  event.preventDefault();
  const part = document.querySelector<HTMLElement>(`[data-panel="${name}"]`);
  part?.scrollIntoView();
  const first = part?.querySelector('h2');
  first?.setAttribute('tabindex', '-1');
  first?.focus({ preventScroll: true });
}

export function Places() {
  const s = st();
  const of = { tracker: s.tracker, site: s.site, notes: notes().title, shares: s.shares, keys: s.keys, imports: s.imports, audit: s.audit, danger: s.danger };
  const owns = site.value?.role === 'owner';
  const shown = Object.entries(of).filter(([name]) => owns || name === 'tracker' || name === 'notes');
  return (
    <nav class="places" aria-label={s.title}>
      {shown.map(([name, title]) => (
        <a key={name} href={`#${name}`} onClick={(event) => show(event, name)}>
          {title}
        </a>
      ))}
    </nav>
  );
}
