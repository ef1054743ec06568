/** The map's place: asks the countries, loads the script and the outlines, shows the list where they cannot be had. */
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Loaded } from '../../part/Loaded.tsx';
import { listQuestion, rowsOf, type Row } from '../../part/table.ts';
import { useQuery } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { tt } from './text.ts';

const load = () => import('./WorldMap.tsx').then(({ WorldMap }) => WorldMap);

export function MapPicture() {
  const range = store.dateRange.value;
  const list = { site: store.siteId.value, dimension: 'visit:country', filter: store.filter.value, limit: 300 };
  const asked = useQuery(range === undefined ? undefined : listQuestion({ ...list, range, measures: ['visitors', 'percentage'] }));
  const [found, setFound] = useState<{ Map: ComponentType<{ rows: Row[] }> }>();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let wanted = true;
    // The outlines are the largest file of the page: not before somebody scrolls near them.
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      void load().then((Map) => wanted && setFound({ Map }));
    }, { rootMargin: '200px' });
    seen.observe(box.current!);
    return () => {
      wanted = false;
      seen.disconnect();
    };
  }, []);
  return (
    <div class="map-place" ref={box}>
      <Loaded of={asked} skeleton={<span class="bone map-bone" />}>
        {(answer) => (found ? <found.Map rows={rowsOf(answer)} /> : <span class="bone map-bone" />)}
      </Loaded>
      <p class="note">{tt().mapCredit}</p>
    </div>
  );
}
