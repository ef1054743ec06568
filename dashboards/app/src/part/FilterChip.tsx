/** The filter in force, why there is only one, and what it leaves out. */
import type { Meta } from '../api/query.ts';
import type { Site } from '../api/schema.ts';
import { nameFor } from '../format/names.ts';
import { useRead } from '../state/ask.ts';
import * as store from '../state/store.ts';
import { dimensionName, t, w } from '../text/words.ts';
import { FoldedNote } from './FoldedNote.tsx';

/** `meta` is that of the report's main answer. */
export function FilterChip({ meta }: { meta?: Meta | undefined }) {
  const now = store.filter.value;
  // Only whoever is signed in may read a site's settings; k is told to them alone.
  const path = now && !store.isGuest.value && store.site.value ? `/api/v1/sites/${encodeURIComponent(store.siteId.value)}` : undefined;
  const settings = useRead<Site>(path);
  if (!now) return null;
  const values = now.values.map((value) => nameFor(now.dimension, value).text).join(` ${w().or} `);
  return (
    <div class="filter" role="status">
      <span class="chip">
        <span>
          {dimensionName(now.dimension)} {w().operators[now.operator]} <strong>{values}</strong>
        </span>
        <button type="button" class="icon" aria-label={t().removeFilter} title={t().removeFilter} onClick={() => store.setFilter(undefined)}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4l8 8M12 4l-8 8" />
          </svg>
        </button>
      </span>
      <p class="note">{t().oneFilter}</p>
      {meta ? <FoldedNote meta={meta} k={settings.data?.min_visitors} /> : null}
    </div>
  );
}
