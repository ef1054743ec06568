/** No feature yet: what one is, and how it is sent. */
import { Snippet } from '../../part/CopyButton.tsx';
import { EmptyState } from '../../part/EmptyState.tsx';
import { siteId } from '../../state/store.ts';
import { ft } from './text.ts';

export function Empty() {
  const event = JSON.stringify({ site: siteId.value, events: [{ name: 'export', props: { format: 'csv' } }] });
  const batch = `curl ${location.origin}/v1/events -H 'Content-Type: application/json' \\\n  -d '${event}'`;
  return (
    <EmptyState title={ft().none}>
      <p>{ft().noneWhy}</p>
      <Snippet text={"headcount('signup', { plan: 'free' })"} />
      <Snippet text={'<button data-hc-event="signup" data-hc-prop-plan="free">Sign up</button>'} />
      <p>{ft().noneApps}</p>
      <Snippet text={batch} />
    </EmptyState>
  );
}
