/** Which properties a feature is broken down by. Pure. */
import type { PropertiesAnswer } from '../../api/schema.ts';

export interface Keys {
  /** Came with the feature, most often first; kept beside features. */
  sent: string[];
  /** Came with some event: first those that are not kept beside features, then those that did not come with this one. */
  others: string[];
}

export function keysOf({ properties }: PropertiesAnswer): Keys {
  const texts = properties.filter(({ kind }) => kind === 'text');
  const sent = texts.filter(({ of_event }) => (of_event ?? 0) > 0).sort((a, b) => (b.of_event ?? 0) - (a.of_event ?? 0));
  const rest = texts.filter((one) => one.events > 0 && !sent.includes(one));
  const isKept = ({ of_event }: { of_event?: number | null }) => typeof of_event === 'number';
  const others = [...rest.filter((one) => !isKept(one)), ...rest.filter(isKept)];
  return { sent: sent.map(({ key }) => key), others: others.map(({ key }) => key) };
}
