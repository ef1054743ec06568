/** The numbers one looks at first, and who is here now. */
import type { Site } from '../api/types.ts';
import { exact, short } from '../format/number.ts';
import * as store from '../state/store.ts';
import { LiveNow } from './LiveNow.tsx';
import { locale } from './locale.ts';
import { Notice } from './Notice.tsx';

interface Figure {
  measure: string;
  label: string;
  value: number | undefined;
  note: string;
}

export function Headline({ site }: { site: Site }) {
  const { data, error, stale } = store.totals.state.value;
  if (error && (stale || !data)) return <Notice error={error} retry={() => void store.loadAll('fresh')} />;
  const features = data ? data.events - data.pageviews : 0;
  const several = store.days.value[0] !== store.days.value[1];
  const figures: Figure[] = [
    {
      measure: 'visitors',
      label: 'Visitors',
      value: data?.visitors,
      note: several ? 'sum of daily visitors' : 'different people that day',
    },
    { measure: 'pageviews', label: 'Pageviews', value: data?.pageviews, note: perVisitor(data) },
    { measure: 'events', label: 'Events', value: data?.events, note: data ? `${short(features, locale)} from features` : '' },
  ];
  return (
    <div class="headline">
      <dl class={stale ? 'figures stale' : 'figures'} aria-busy={!data || stale}>
        {figures.map(({ measure, label, value, note }) => (
          <div key={measure} class={`figure ${measure}`}>
            <dt>{label}</dt>
            <dd data-measure={measure} title={value === undefined ? '' : exact(value, locale)}>
              {value === undefined ? <span class="bone" /> : short(value, locale)}
            </dd>
            <dd class="note">{note || '\u00a0'}</dd>
          </div>
        ))}
      </dl>
      <LiveNow site={site} />
    </div>
  );
}

function perVisitor(data?: { visitors: number; pageviews: number }): string {
  if (!data?.visitors) return '';
  const ratio = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(data.pageviews / data.visitors);
  return `${ratio} per visitor`;
}
