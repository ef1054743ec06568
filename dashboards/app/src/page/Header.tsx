/** The bar on top: which site, which report, which days, and who looks. */
import { useEffect, useRef } from 'preact/hooks';
import { ComparePicker } from '../part/ComparePicker.tsx';
import { DatePicker } from '../part/DatePicker.tsx';
import { Link } from '../part/Link.tsx';
import { Mark } from '../part/Mark.tsx';
import { Menu } from '../part/Menu.tsx';
import { Popover } from '../part/Popover.tsx';
import { REPORTS, reportAt } from '../report/registry.ts';
import * as store from '../state/store.ts';
import { language } from '../text/catalogue.ts';
import { t } from '../text/words.ts';
import { Account } from './Account.tsx';

interface Props {
  openPalette: () => void;
  openShortcuts: () => void;
}

export function Header({ openPalette, openShortcuts }: Props) {
  const { site, report } = store.view.value;
  const dated = site !== '' && (reportAt(report)?.dated ?? false);
  const guest = store.isGuest.value;
  return (
    <header class="topbar">
      <div class="topbar-inner">
        {guest ? (
          <span class="brand">{site}</span>
        ) : (
          <>
            <a class="brand" href="/" aria-label={t().home} onClick={goHome}>
              <Mark />
            </a>
            <SiteMenu />
          </>
        )}
        <span class="gap" />
        {dated ? (
          <div class="when">
            <ComparePicker />
            <DatePicker />
          </div>
        ) : null}
        {guest ? null : <Account openPalette={openPalette} openShortcuts={openShortcuts} />}
      </div>
      {site ? <Reports /> : null}
    </header>
  );
}

function goHome(event: MouseEvent): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  store.go({ ...store.toSite(''), site: '' });
}

function SiteMenu() {
  const sites = store.session.value?.sites ?? [];
  const now = store.siteId.value;
  const items = [
    { id: '', label: t().allSites, run: () => store.go(store.toSite('')) },
    ...sites.map(({ id }) => ({ id, label: id, chosen: id === now, run: () => store.go(store.toSite(id)) })),
  ];
  return (
    <Popover label={`${t().site}: ${now || t().allSites}`} look="plain site" button={<span class="drop">{now || t().allSites}</span>}>
      {(close) => <Menu label={t().site} items={items} close={close} />}
    </Popover>
  );
}

function Reports() {
  const { report } = store.view.value;
  const nav = useRef<HTMLElement>(null);
  const spoken = language.value;
  // On a phone not all of them are in sight.
  useEffect(() => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [report, spoken]);
  return (
    <nav class="reports" ref={nav} aria-label={t().reportsLabel}>
      <ul>
        {REPORTS.filter(({ shared }) => shared || !store.onlyReads.value).map(({ id, path }) => (
          <li key={id}>
            <Link to={store.toReport(path)} current={report === path}>
              {t().reports[id]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
