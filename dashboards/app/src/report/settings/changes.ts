/** What a line of the list of changes says, in the language of now; in the server's own words where we have none. */
import type { Change } from '../../api/schema.ts';
import { title as dateOf } from '../../format/date.ts';
import { w } from '../../text/words.ts';
import { SOURCES, type Source } from './importing.ts';
import { st } from './text.ts';

/** Something a change was about; without a name it says itself what it is. */
export interface Fact {
  name: string;
  value: string;
}

export const whatOf = ({ what }: Pick<Change, 'what'>): string => st().changed[what] ?? what.replaceAll('_', ' ');

/** What keys are called, by id. */
export type Names = ReadonlyMap<string, string>;

const NOBODY: Names = new Map();

export function whoOf({ who }: Pick<Change, 'who'>, keys: Names = NOBODY): string {
  const key = /^key (\S+)$/.exec(who)?.[1];
  return key ? st().byKey(keys.get(key) ?? key) : (st().by[who] ?? who);
}

const plainly = (value: string): Fact[] => (value ? [{ name: '', value }] : []);

/** Settings by the server's name for them: what we call them, and how their value is said. */
const SETTINGS: Record<string, { name: () => string; value?: (said: string) => string }> = {
  domains: { name: () => st().domains, value: (said) => (said === 'every host' ? st().changedTo.everyHost : said) },
  'time zone': { name: () => st().timezone },
  minimum: { name: () => st().k, value: (said) => said.replace(/ visitors$/, '') },
  accepts: { name: () => st().accept, value: (said) => (said === 'nothing' ? st().changedTo.nothing : said) },
  kept: { name: () => st().months, value: (said) => said.replace(/ months$/, '') },
  crossings: { name: () => st().crossings, value: (said) => (said === 'none' ? st().changedTo.none : said.split(' ').map(crossing).join(', ')) },
  'filter properties': { name: () => st().properties, value: (said) => (said === 'none' ? st().changedTo.none : said) },
  numbers: { name: () => st().numbers },
  'not counted': { name: () => st().excluded },
};

const crossing = (code: string): string => (st().crossing as Record<string, string>)[code] ?? code;

/** `domains: a b; time zone: UTC; strict`; undefined when there is more in it than we know. */
function settingsOf(detail: string): Fact[] | undefined {
  const facts: Fact[] = [];
  for (const part of detail.split('; ')) {
    const [, name = '', said = ''] = /^([a-z ]+): (.+)$/.exec(part) ?? [];
    const known = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    if (part === 'strict') facts.push({ name: st().changedTo.strict, value: st().changedTo.on });
    else if (known) facts.push({ name: known.name(), value: known.value?.(said) ?? said });
    else return undefined;
  }
  return facts;
}

/** What the change before left as it is now is left out; what is the default again is not in `now`. */
function changed(now: Fact[], before: Fact[]): Fact[] {
  const moved = now.filter(({ name, value }) => !before.some((had) => had.name === name && had.value === value));
  const gone = before.filter(({ name }) => !now.some((has) => has.name === name));
  return [...moved, ...gone.map(({ name }) => ({ name, value: st().changedTo.usual }))];
}

const isOfSite = ({ what }: Change): boolean => what === 'site_added' || what === 'site_edited';

/** What `change` made of it; `older` are the changes before, the newest first; `keys` what keys are called. */
export function factsOf(change: Change, older: readonly Change[], keys: Names = NOBODY): Fact[] {
  const { what, detail, about } = change;
  if (isOfSite(change)) {
    const now = settingsOf(detail);
    const before = what === 'site_edited' ? older.find(isOfSite) : undefined;
    const had = before && settingsOf(before.detail);
    const moved = now && had ? changed(now, had) : [];
    return moved.length > 0 ? moved : (now ?? plainly(detail));
  }
  if (what.startsWith('key_')) {
    const scope = st().scopes[/^(\w+) for /.exec(detail)?.[1] ?? ''];
    return scope ? [{ name: keys.get(about) ?? about, value: scope }] : plainly(detail);
  }
  if (what === 'goal_added') return goalOf(detail) ?? plainly(detail);
  return named(what, detail) ?? began(what, detail, older) ?? plainly(detail);
}

/** What the server notes with an id before it, by what was done: the rest, said. */
const NAMED: Record<string, (rest: string) => Fact[]> = {
  funnel_added: plainly,
  share_added: (rest) => plainly(rest.replace(/, with a password$/, `, ${st().withPassword}`)),
  annotation_added: noted,
  annotation_edited: noted,
  import_began: imported,
  import_went_on: imported,
  import_ended: imported,
};

/** `f1 Shop: Cart > Paid`, `i1: combined`. */
function named(what: string, detail: string): Fact[] | undefined {
  const rest = /^[^\s:]+:? (.+)$/s.exec(detail)?.[1];
  return rest === undefined ? undefined : NAMED[what]?.(rest);
}

/** Of an end the server notes the id alone: what it was, its beginning says. */
function began(what: string, id: string, older: readonly Change[]): Fact[] | undefined {
  const [, kind] = /^(\w+)_removed$/.exec(what) ?? [];
  if (!kind) return undefined;
  const isIt = (one: Change) => one.what.startsWith(`${kind}_`) && NAMED[one.what] !== undefined && one.detail.split(/:? /, 1)[0] === id;
  const had = older.find(isIt);
  return had && named(had.what, had.detail);
}

/** `2026-11-20: New prices`. */
function noted(rest: string): Fact[] {
  const [, day, text] = /^(\d{4}-\d{2}-\d{2}): (.+)$/s.exec(rest) ?? [];
  return day && text ? [{ name: dateOf('day', day), value: text }] : plainly(rest);
}

/** `combined 48210 events`, or `combined` before there were any. */
function imported(rest: string): Fact[] {
  const [, format = rest, events] = /^(\S+) (\d+) events$/.exec(rest) ?? [];
  const source = SOURCES[format as Source] ?? format;
  return plainly(events ? `${source}, ${st().importedEvents(Number(events))}` : source);
}

/** `Signed up: event signup with plan=team`. */
function goalOf(detail: string): Fact[] | undefined {
  const [, name, kind, what = ''] = /^(.+): (page|event) (.+)$/.exec(detail) ?? [];
  if (!name) return undefined;
  if (kind === 'page') return [...plainly(name), { name: w().dimensions['event:page'], value: what }];
  const [, event = what, property] = /^(\S+) with (.+)$/.exec(what) ?? [];
  return [...plainly(name), { name: w().dimensions['event:name'], value: event }, ...plainly(property ?? '')];
}
