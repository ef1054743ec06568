/** The command palette: type a few letters of a report, a site, a period, and go there. */
import { useRef, useState } from 'preact/hooks';
import { Dialog } from '../part/Dialog.tsx';
import { REPORTS } from '../report/registry.ts';
import { PRESETS } from '../state/range.ts';
import * as store from '../state/store.ts';
import { t } from '../text/words.ts';

interface Command {
  kind: string;
  label: string;
  run(): void;
}

function commands(): Command[] {
  const { site } = store.view.value;
  const guest = store.isGuest.value;
  const reports = site ? REPORTS.filter(({ shared }) => shared || !store.onlyReads.value) : [];
  return [
    ...reports.map(({ id, path }) => ({ kind: t().reportsLabel, label: t().reports[id], run: () => store.go(store.toReport(path)) })),
    ...(site ? PRESETS.map(({ id }) => ({ kind: t().period, label: t().ranges[id], run: () => store.go({ range: id }) })) : []),
    ...(store.session.value?.sites ?? []).map(({ id }) => ({ kind: t().site, label: id, run: () => store.go(store.toSite(id)) })),
    ...(guest ? [] : [{ kind: t().site, label: t().allSites, run: () => store.go(store.toSite('')) }]),
    ...(store.filter.value ? [{ kind: t().reportsLabel, label: t().removeFilter, run: () => store.setFilter(undefined) }] : []),
    ...(guest ? [] : [{ kind: t().account, label: t().signOut, run: () => void store.leave() }]),
  ];
}

export function Palette({ close }: { close: () => void }) {
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const words = wanted.toLocaleLowerCase().split(/\s+/);
  const found = commands().filter(({ kind, label }) => words.every((word) => `${kind} ${label}`.toLocaleLowerCase().includes(word)));
  const chosen = Math.min(at, found.length - 1);
  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };
  const move = (to: number) => {
    setAt((to + found.length) % Math.max(1, found.length));
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') run(found[chosen]);
    if (!step) return;
    event.preventDefault();
    move(chosen + step);
  };
  return (
    <Dialog title={t().palette} close={close} quiet>
      <input
        class="palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `command-${chosen}` : undefined}
        aria-label={t().palette}
        placeholder={t().palettePlaceholder}
        autocomplete="off"
        value={wanted}
        onInput={(event) => {
          setWanted(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul class="palette-list" role="listbox" id="palette-list" aria-label={t().palette} ref={list}>
        {found.map((command, i) => (
          <li
            key={`${command.kind} ${command.label}`}
            id={`command-${i}`}
            role="option"
            aria-selected={i === chosen}
            onPointerMove={() => setAt(i)}
            onClick={() => run(command)}
          >
            <span>{command.label}</span>
            <span class="kind">{command.kind}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p class="empty">{t().nothingFound}</p> : null}
    </Dialog>
  );
}
