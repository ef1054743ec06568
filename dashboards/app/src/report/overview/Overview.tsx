/** All sites at a glance. */
import type { SeenSite } from '../../api/schema.ts';
import { change, plain, short } from '../../format/number.ts';
import { Link } from '../../part/Link.tsx';
import { Loaded } from '../../part/Loaded.tsx';
import { SkeletonBox } from '../../part/Skeleton.tsx';
import { Sparkline } from '../../part/Sparkline.tsx';
import { AddSiteButton } from '../../page/AddSiteButton.tsx';
import { NoSite } from '../../page/NoSite.tsx';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { t, w } from '../../text/words.ts';
import './overview.css';

export function Overview() {
  const sites = store.session.value?.sites ?? [];
  if (sites.length === 0) return <NoSite />;
  return (
    <>
      <header class="overview-head">
        <h1 class="overview-title">{t().overview}</h1>
        <AddSiteButton />
      </header>
      <ul class="sites">
        {sites.map((site) => (
          <li key={site.id}>
            <Link to={store.toSite(site.id)} look="card site-card">
              <SiteCard site={site} />
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function SiteCard({ site }: { site: SeenSite }) {
  const about = { site_id: site.id, metrics: ['visitors' as const], date_range: '28d' };
  const total = useQuery({ ...about, include: { comparison: 'previous_period' } });
  const days = useQuery({ ...about, dimensions: ['time:day'] });
  return (
    <>
      <span class="site-name">{site.id}</span>
      <Loaded of={total} skeleton={<SkeletonBox height="2rem" />}>
        {({ results: [row] }) => (
          <span class="site-figure">
            <strong title={plain(row?.metrics[0] ?? 0)}>{short(row?.metrics[0] ?? 0)}</strong>
            <span class="note">{t().last28}</span>
            <Moved by={row?.comparison?.change[0] ?? undefined} />
          </span>
        )}
      </Loaded>
      <Loaded of={days} skeleton={<SkeletonBox height="3rem" />}>
        {({ results }) => <Sparkline values={results.map(({ metrics }) => metrics[0] ?? 0)} open />}
      </Loaded>
      <span class="visually-hidden">{w().measures.visitors}</span>
    </>
  );
}

const Moved = ({ by }: { by: number | undefined }) =>
  by === undefined ? null : <span class={by < 0 ? 'worse' : 'better'}>{change(by)}</span>;
