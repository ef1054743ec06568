/** What was sent along with a feature: the values of each property that the site keeps beside features. */
import type { Goals, Site } from '../../api/schema.ts';
import { ask } from '../../api/batch.ts';
import type { Question } from '../../api/query.ts';
import { Card } from '../../part/Card.tsx';
import { Snippet } from '../../part/CopyButton.tsx';
import { ListCard, type ListTab } from '../../part/ListCard.tsx';
import { SkeletonRows } from '../../part/Skeleton.tsx';
import { listQuestion } from '../../part/table.ts';
import { useAsk, useRead } from '../../state/ask.ts';
import * as store from '../../state/store.ts';
import { byName, showUsersOf } from './breakdowns.ts';
import { ft } from './text.ts';

/** Keys that the site lists, else (share links are told no settings) those that its goals name. */
function useKeys(): string[] | undefined {
  const site = encodeURIComponent(store.siteId.value);
  const settings = useRead<Site>(store.isGuest.value || !store.site.value ? undefined : `/api/v1/sites/${site}`);
  const goals = useRead<Goals>(`/api/v1/goals?site=${site}`);
  if (!store.isGuest.value && !settings.data && !settings.error) return undefined;
  const named = goals.data?.goals.flatMap(({ property }) => property?.split('=')[0] ?? []) ?? [];
  return [...new Set([...(settings.data?.filter_properties ?? []), ...named])];
}

/** Those of the keys that were sent along with this feature. */
function useSent(name: string, keys: string[] | undefined): string[] | undefined {
  const range = store.dateRange.value;
  const questions: Question[] | undefined =
    range === undefined || !keys
      ? undefined
      : keys.map((key) =>
          listQuestion({ site: store.siteId.value, range, dimension: `event:props:${key}`, measures: ['visitors'], filter: byName(name), limit: 1 }),
        );
  const asked = useAsk(questions?.length ? JSON.stringify(['keys', questions]) : undefined, (signal) =>
    Promise.all(questions!.map((question) => ask(question, signal).then(({ results }) => results.length > 0, () => false))),
  );
  if (keys?.length === 0) return [];
  return asked.data && keys?.filter((_, i) => asked.data?.[i]);
}

export function Properties({ name }: { name: string }) {
  const keys = useKeys();
  const sent = useSent(name, keys);
  const extra = store.view.value.own['key'];
  if (!sent) {
    return (
      <Card name="properties" title={ft().properties}>
        <div class="panel-body">
          <SkeletonRows rows={9} />
        </div>
      </Card>
    );
  }
  const shown = extra && !sent.includes(extra) ? [...sent, extra] : sent;
  const [first, ...others] = shown.map((key) => tabOf(name, key));
  if (!first) return <NoProperties />;
  const another: ListTab = { id: '-', label: ft().anotherKey, dimension: '', picture: () => <How /> };
  return (
    <ListCard name="property" title={ft().properties} tabs={[first, ...others, another]} />
  );
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

const NoProperties = () => (
  <Card name="property" title={ft().properties}>
    <div class="panel-body">
      <p class="note">{ft().propertiesEmpty}</p>
      <How />
    </div>
  </Card>
);

/** How a key is listed, and the way to one that is not. */
function How() {
  const look = (event: SubmitEvent) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget as HTMLFormElement).get('key');
    if (typeof key !== 'string' || !key) return;
    store.go({ own: { ...store.view.peek().own, key, property: idOf(key) } }, 'replace');
  };
  return (
    <div class="how">
      <p class="note">{ft().propertiesHow}</p>
      <Snippet text={`headcount site edit ${store.siteId.value} --filter-property plan`} />
      <form class="key-form" onSubmit={look}>
        <label class="note" for="property-key">
          {ft().propertiesMore}
        </label>
        <input id="property-key" name="key" placeholder={ft().propertyKey} required maxLength={32} />
        <button type="submit" class="plain">
          {ft().look}
        </button>
      </form>
    </div>
  );
}
