/** What was sent along with a feature: the values of each property that the site keeps beside features. */
import type { ComponentChildren } from 'preact';
import type { PropertiesAnswer } from '../../api/schema.ts';
import { Card } from '../../part/Card.tsx';
import { Link } from '../../part/Link.tsx';
import { ListCard, type ListTab } from '../../part/ListCard.tsx';
import { Problem } from '../../part/Problem.tsx';
import { rangeParameters } from '../../part/range_parameters.ts';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { useRead, type Asked } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { byName, showUsersOf } from './breakdowns.ts';
import { keysOf, type Keys } from './keys.ts';
import { ft } from './text.ts';

/** The keys that came with this feature, and those that came with any. */
function useKeys(name: string): Asked<Keys> {
  const range = store.dateRange.value;
  const site = encodeURIComponent(store.siteId.value);
  const asked = useRead<PropertiesAnswer>(range === undefined ? undefined : `/api/v1/properties?site=${site}&event=${encodeURIComponent(name)}&${rangeParameters(range)}`);
  return { ...asked, data: asked.data && keysOf(asked.data) };
}

export function Properties({ name }: { name: string }) {
  const { data, error, again } = useKeys(name);
  const extra = store.view.value.own['key'];
  if (!data) {
    return (
      <Card name="properties" title={ft().properties}>
        <div class="panel-body">{error ? <Problem error={error} again={again} /> : <SkeletonRows rows={9} />}</div>
      </Card>
    );
  }
  const { sent, others } = data;
  const shown = extra && !sent.includes(extra) ? [...sent, extra] : sent;
  const [first, ...more] = shown.map((key) => tabOf(name, key));
  const how = <How others={others.filter((key) => key !== extra)} />;
  if (!first) return <NoProperties how={how} />;
  const another: ListTab = { id: '-', label: ft().anotherKey, dimension: '', picture: () => how };
  return <ListCard name="property" title={ft().properties} tabs={[first, ...more, another]} />;
}

/** It becomes a part of an element's id. */
const idOf = (key: string): string => key.replaceAll(/[^\w-]/g, '_');

function tabOf(name: string, key: string): ListTab {
  const tab: ListTab = {
    id: idOf(key),
    label: key,
    dimension: `event:props:${key}`,
    measures: ['visitors', 'events'],
    filter: byName(name),
    choose: (value) => showUsersOf(`event:props:${key}`, value),
    empty: ft().noValue,
  };
  const { filter: _, choose: __, ...whole } = tab;
  // Nothing is filtered by it, since it is not listed.
  return { ...tab, instead: { ...whole, choose: false, note: ft().together(key) } };
}

const NoProperties = ({ how }: { how: ComponentChildren }) => (
  <Card name="property" title={ft().properties}>
    <div class="panel-body">
      <p class="note">{ft().propertiesEmpty}</p>
      {how}
    </div>
  </Card>
);

/** How a key is listed, and the way to those that are not. */
function How({ others }: { others: readonly string[] }) {
  const look = (key: string) => store.go({ own: { ...store.view.peek().own, key, property: idOf(key) } }, 'replace');
  return (
    <div class="how">
      <p class="note">{ft().propertiesHow}</p>
      {store.site.value?.role === 'owner' ? (
        <p class="note">
          <Link to={store.toReport('settings')}>{ft().propertiesList}</Link>
        </p>
      ) : null}
      {others.length > 0 ? (
        <>
          <p class="note">{ft().propertiesMore}</p>
          <ul class="keys" aria-label={ft().propertiesMore}>
            {others.map((key) => (
              <li key={key}>
                <button type="button" class="plain" onClick={() => look(key)}>
                  {key}
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
