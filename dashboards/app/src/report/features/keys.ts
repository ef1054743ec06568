/** Which properties a feature is broken down by. Pure. */
import type { PropertiesAnswer } from '../../api/schema.ts';

export interface Keys {
  /** Came with the feature, most often first; kept beside features. */
  sent: string[];
  /** Came with some event, and are not kept beside features, or not with this one. */
  others: string[];
}

export function keysOf({ properties }: PropertiesAnswer): Keys {
  const texts = properties.filter(({ kind }) => kind === 'text');
  const sent = texts.filter(({ of_event }) => (of_event ?? 0) > 0).sort((a, b) => (b.of_event ?? 0) - (a.of_event ?? 0));
  const others = texts.filter((one) => one.events > 0 && !sent.includes(one));
  return { sent: sent.map(({ key }) => key), others: others.map(({ key }) => key) };
}
