/** One list: tabs, rows with bars, the way to more rows. */
import type { TargetedKeyboardEvent } from 'preact';
import type { Panel, Tab } from '../data/panels.ts';
import { LONG_LIST, SHORT_LIST } from '../data/reports.ts';
import * as store from '../state/store.ts';
import { BarTable } from './BarTable.tsx';
import { Notice } from './Notice.tsx';

export function ListPanel({ panel }: { panel: Panel }) {
  const chosen = store.tabOf(panel);
  const many = panel.tabs.length > 1;
  return (
    <section class="card panel" aria-label={panel.title} data-panel={panel.id}>
      <div class="panel-head">{many ? <Tabs panel={panel} chosen={chosen} /> : <h2>{panel.title}</h2>}</div>
      <div
        class="panel-body"
        {...(many ? { role: 'tabpanel', id: `${panel.id}-body`, 'aria-labelledby': `${panel.id}-${chosen.id}` } : {})}
      >
        <Body panel={panel} tab={chosen} />
      </div>
    </section>
  );
}

function Body({ panel, tab }: { panel: Panel; tab: Tab }) {
  const { data, error, stale } = store.lists[panel.id]!.state.value;
  if (error && (stale || !data)) return <Notice error={error} retry={() => void store.loadPanel(panel)} />;
  if (!data) return <Bones />;
  if (data.rows.length === 0) return <p class="empty">{panel.empty}</p>;
  const long = store.isExpanded(panel);
  return (
    <>
      <BarTable rows={data.rows} panel={panel} tab={tab} stale={stale} long={long} />
      {data.more || (long && data.rows.length > SHORT_LIST) ? (
        <button type="button" class="plain more" onClick={() => store.expand(panel, !long)}>
          {long ? 'Show less' : 'Show more'}
        </button>
      ) : null}
      {long && data.more ? <p class="note">The first {LONG_LIST} are shown.</p> : null}
    </>
  );
}

function Tabs({ panel, chosen }: { panel: Panel; chosen: Tab }) {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = panel.tabs.at((panel.tabs.indexOf(chosen) + step) % panel.tabs.length);
    if (!next) return;
    store.chooseTab(panel, next);
    event.currentTarget.querySelector<HTMLElement>(`#${panel.id}-${next.id}`)?.focus();
  };
  return (
    <>
      <h2 class="visually-hidden">{panel.title}</h2>
      <div class="tabs" role="tablist" aria-label={panel.title} onKeyDown={onKeyDown}>
        {panel.tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${panel.id}-${tab.id}`}
            aria-selected={tab === chosen}
            aria-controls={`${panel.id}-body`}
            tabIndex={tab === chosen ? 0 : -1}
            onClick={() => store.chooseTab(panel, tab)}
          >
            {tab.label}
          </button>
        ))}
      </div>
    </>
  );
}

const Bones = () => (
  <div class="bones" aria-busy="true" aria-label="Loading">
    {Array.from({ length: SHORT_LIST }, (_, i) => (
      <span key={i} class="bone" />
    ))}
  </div>
);
