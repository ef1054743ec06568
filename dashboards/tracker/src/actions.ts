/** What a click or the submission of a form counts as: what its element says, else a link's target, a form's name. */

/** Counts an event; one without a name is none. */
export type Count = (name: unknown, options: Record<string, unknown>) => void;

const FILE = /\.(pdf|csv|zip|rar|gz|exe|dmg|apk|mp[34]|(doc|xls|ppt)x?)$/i;

/** The properties written on an element as `data-hc-prop-NAME="value"`. */
export const propsOf = (attributes: Iterable<{ name: string; value: string }>): Record<string, string> => {
  const props: Record<string, string> = {};
  for (const attribute of attributes)
    attribute.name.replace(/data-hc-prop-(.+)/, (_, key: string) => (props[key] = attribute.value));
  return props;
};

export const act = (event: Event, count: Count): void => {
  const submits = event.type == 'submit';
  const target = event.target as Element;
  const named = target.closest<HTMLElement>('[data-hc-event]');
  const plain = target.closest<HTMLAnchorElement>(submits ? 'form' : 'a')!;
  // The middle button opens links, the right one does not.
  if ((event as MouseEvent).button > 1) return;
  // A form, which alone has an action, counts when it is submitted, everything else when it is activated.
  if (named && submits != !(named as Partial<HTMLFormElement>).action)
    count(named.dataset.hcEvent, { props: propsOf(named.attributes) });
  if (plain == named) return;
  // Read as attributes: a field called `id` or `action` hides the form's own property.
  const attributes = plain.attributes as unknown as Record<string, Attr | undefined>;
  if (submits) count('form', { form: (attributes.id || attributes.name || attributes.action)?.value.split('?')[0] });
  // Of other schemes, as of apps, the origin is the word `null`.
  else if (plain.origin?.[4]) {
    const file = attributes.download || FILE.test(plain.pathname);
    count(file ? 'download' : plain.host != location.host && 'outbound', { to: plain.origin + plain.pathname });
  }
};
