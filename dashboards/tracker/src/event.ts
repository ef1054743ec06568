/** What an event carries beyond the page: the tracker's logic without side effects, tested without a browser. */

/** Second argument of `headcount(name, …)`: `{ props, revenue }`, or the properties themselves. */
export interface Options {
  props?: Record<string, unknown>;
  revenue?: { amount: number; currency: string };
  [property: string]: unknown;
}

const PREFIX = 'data-hc-prop-';

/** The fields an event's options add to its body. */
export const fieldsOf = (options?: Options): Pick<Options, 'props' | 'revenue'> =>
  !options || options.props || options.revenue
    ? { props: options?.props, revenue: options?.revenue }
    : { props: options };

/** The properties written on an element as `data-hc-prop-NAME="value"`. */
export const propsOf = (element: Pick<Element, 'attributes'>): Record<string, string> => {
  const props: Record<string, string> = {};
  for (const { name, value } of Array.from(element.attributes)) {
    if (name.startsWith(PREFIX)) props[name.slice(PREFIX.length)] = value;
  }
  return props;
};

/** Whether this browser's user asked not to be counted, by `localStorage.headcount_ignore = 'true'`. */
export const isIgnored = (): boolean => {
  try {
    const ignore = localStorage.getItem('headcount_ignore');
    return !!ignore && ignore !== 'false';
  } catch {
    return false; // storage is forbidden here: nobody can have opted out in it
  }
};
