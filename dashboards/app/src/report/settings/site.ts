/** The form of a site: what it holds, what of it is sent, and which field a refusal belongs to. No network, no state. */
import type { CrossingCode, Site, SitePatch } from '../../api/schema.ts';

export const CROSSINGS: readonly CrossingCode[] = ['page', 'event', 'source', 'section', 'channel', 'utm_campaign', 'country', 'browser', 'os', 'device', 'prop', 'goal'];

/** Fields as the form holds them: lists as lines. */
export interface Draft {
  domains: string;
  timezone: string;
  min_visitors: string;
  retention_months: string;
  strict: boolean;
  excluded_paths: string;
  crossings: readonly CrossingCode[];
  filter_properties: string;
  numbers: string;
  accept: string;
}
export type Field = keyof Draft;

/** What is wrong before anything is sent. */
export type Wrong = 'pattern' | 'patterns' | 'key' | 'keys' | 'token';

const MOST_PATTERNS = 50;
const MOST_KEYS = 20;
const KEY_BYTES = 32;
/** Clients of other products, by the names the server gives them, with what they send to be known by. */
const ACCEPTED = /^(plausible|umami|goatcounter|matomo|ga4|mixpanel|segment|posthog|amplitude|aptabase):\S+$/;

const linesOf = (text: string): string[] => [...new Set(text.split('\n').map((line) => line.trim()).filter(Boolean))];

export const draftOf = (site: Site): Draft => ({
  domains: site.domains.join('\n'),
  timezone: site.timezone,
  min_visitors: String(site.min_visitors),
  retention_months: String(site.retention_months),
  strict: site.strict,
  excluded_paths: site.excluded_paths.join('\n'),
  crossings: site.crossings === 'all' ? CROSSINGS : site.crossings,
  filter_properties: site.filter_properties.join('\n'),
  numbers: site.numbers.join('\n'),
  accept: site.accept.join('\n'),
});

/** What the draft says, as the API takes it. All of the filters there are is `all`, so that later ones come in too. */
const meant = (draft: Draft): Required<{ [F in Field]: unknown }> => ({
  domains: linesOf(draft.domains),
  timezone: draft.timezone.trim(),
  min_visitors: Number(draft.min_visitors),
  retention_months: Number(draft.retention_months),
  strict: draft.strict,
  excluded_paths: linesOf(draft.excluded_paths),
  crossings: CROSSINGS.every((code) => draft.crossings.includes(code)) ? 'all' : CROSSINGS.filter((code) => draft.crossings.includes(code)),
  filter_properties: linesOf(draft.filter_properties),
  numbers: linesOf(draft.numbers),
  accept: linesOf(draft.accept),
});

/** What differs from the site; what is not in it stays. Undefined when nothing does. */
export function patchOf(site: Site, draft: Draft): SitePatch | undefined {
  const before = meant(draftOf(site));
  const changed = Object.entries(meant(draft)).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as Field]));
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

/** What the server would refuse anyway, said at its field. */
export function wrongOf(draft: Draft): Partial<Record<Field, Wrong>> {
  const keys = (text: string): Wrong | undefined => {
    const lines = linesOf(text);
    if (lines.length > MOST_KEYS) return 'keys';
    return lines.some((key) => key.includes('=') || new TextEncoder().encode(key).length > KEY_BYTES) ? 'key' : undefined;
  };
  const patterns = linesOf(draft.excluded_paths);
  const path = patterns.length > MOST_PATTERNS ? 'patterns' : patterns.some((pattern) => !/^[/*]/.test(pattern)) ? 'pattern' : undefined;
  const token = linesOf(draft.accept).some((line) => !ACCEPTED.test(line)) ? 'token' : undefined;
  const found = { excluded_paths: path, filter_properties: keys(draft.filter_properties), numbers: keys(draft.numbers), accept: token } as const;
  return Object.fromEntries(Object.entries(found).filter(([, wrong]) => wrong));
}

const OWN: Record<string, Field> = { bad_domain: 'domains', bad_timezone: 'timezone', bad_min_visitors: 'min_visitors', bad_accept: 'accept', accept_taken: 'accept' };
/** The fields that `bad_setting` may be about. */
const OTHERS: readonly Field[] = ['retention_months', 'crossings', 'filter_properties', 'numbers', 'excluded_paths'];

/** The field a refusal is about; undefined when more than one may be meant. */
export function refusedField(code: string, patch: SitePatch): Field | undefined {
  if (code !== 'bad_setting') return OWN[code];
  const sent = OTHERS.filter((field) => field in patch);
  return sent.length === 1 ? sent[0] : undefined;
}
