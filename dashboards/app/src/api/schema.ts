/** The documents of the API. Written by `npm run api` from the OpenAPI document of the server: do not edit. */

/** Active visitors of a day. */
export interface ActiveDay {
  /** Visitors. */
  active: number;
  /** The day. */
  day: string;
  /** Those whose first week it is. */
  new: number;
  /** The others. */
  returning: number;
}

/** Active visitors of a week or month. */
export interface ActiveSpan {
  /** Visitors. */
  active: number;
  /** Its first day. */
  from: string;
}

/** Every dimension that can be. */
export type AllWord = "all";

/** A note on the time line. */
export interface Annotation {
  /** The day, in the site's zone. */
  day: string;
  /** Its id. */
  id: string;
  /** What happened. */
  text: string;
}

/** What to change of a note; what is absent stays. */
export interface AnnotationPatch {
  /** The day, in the site's zone. */
  day?: string | null;
  /** What happened. */
  text?: string | null;
}

/** The notes of a site, by day. */
export interface Annotations {
  annotations: Annotation[];
}

/** Events of one site. */
export interface Batch {
  /** Makes sending again safe. */
  batch_id?: string;
  /** The events. */
  events: Event[];
  /** The site. */
  site: string;
}

/** What became of a batch. */
export interface BatchAnswer {
  /** Events that are counted and on disk. */
  accepted: number;
  /** Events that are not counted, with the reason. */
  dropped: (Record<string, unknown>)[];
  /** Events that were there already. */
  duplicates: number;
}

/** One change. */
export interface Change {
  /** The site, user or key that was changed. */
  about: string;
  /** When. */
  at: string;
  /** What it is now. */
  detail: string;
  /** The site it belongs to; null when it is not of one site. */
  site?: string | null;
  /** What kind of change. */
  what: string;
  /** Name of the user; `key` and its id; `cli` or `server`. */
  who: string;
}

/** Changes, newest first. */
export interface Changes {
  changes: Change[];
}

/** A password for the user of a one-time link. */
export interface Claim {
  /** The new password. */
  password: string;
  /** The token of the link. */
  token: string;
}

/** Whose password a link sets. */
export interface Claimant {
  user: string;
}

/** Visitors who came for the first time in one week. */
export interface Cohort {
  /** How many they are, as far as that week is within what is kept; 0 when it is not known. */
  visitors: number;
  /** Monday of that week. */
  week: string;
  /** How many came again, week by week; the first is that week itself. */
  weeks: CohortWeek[];
}

/** One week of a cohort. */
export interface CohortWeek {
  /** Percent of the cohort; null when it is not known how many they are. */
  share: number | null;
  /** Weeks since the first. */
  since: number;
  /** Visitors of the cohort who came in it. */
  visitors: number;
}

/** That it is meant. */
export interface Confirmation {
  /** The id of the site once more. */
  confirm: string;
}

/** Counters that an app added up itself. Unknown fields are ignored. */
export interface Counts {
  /** Makes sending again safe. */
  batch_id?: string;
  /** Days with their counters: `{day, counts: [{name, n, …}]}`. */
  days: (Record<string, unknown>)[];
  /** The site. */
  site: string;
}

/** Who signs in. */
export interface Credentials {
  password: string;
  user: string;
}

/** A credit line that a licence asks for. */
export interface Credit {
  /** The words. */
  text: string;
  /** Where they lead. */
  url: string;
}

/** A dimension reports can be filtered by. */
export type CrossingCode = "page" | "event" | "source" | "section" | "channel" | "utm_campaign" | "country" | "browser" | "os" | "device" | "prop" | "goal";

/** Dimensions reports can be filtered by: `all`, or some of them; an empty list: none. */
export type CrossingsChoice = AllWord | CrossingCode[];

/** What became of a day: `imported`, `imported_before`, `day_counted` or `too_old`. */
export interface DayOutcome {
  /** The day. */
  day: string;
  /** The word. */
  outcome: string;
}

/** What became of the days. */
export interface DayOutcomes {
  days: DayOutcome[];
}

/** One event. Unknown fields are ignored. */
export interface Event {
  /** `pageview` unless said. */
  name?: string;
  /** Up to 30 texts, numbers or booleans. */
  props?: Record<string, unknown>;
  /** Where the visitor came from. */
  referrer?: string;
  /** The site; in a batch it stands outside `events`. */
  site?: string;
  /** The page's full address. */
  url?: string;
  /** Width of the viewport. */
  w?: number;
}

/** A funnel. */
export interface Funnel {
  /** When it was defined; nothing is counted for the time before. */
  created_at: string;
  /** Its id. */
  id: string;
  /** What people see. */
  name: string;
  /** Names of goals, in order. */
  steps: string[];
}

/** The steps of a funnel. */
export interface FunnelAnswer {
  /** With `comparison`: the same of the days compared with. */
  comparison?: FunnelBefore;
  /** The funnel's id. */
  funnel: string;
  /** What to know about them. */
  meta: SpecialMeta;
  /** Its name. */
  name: string;
  /** With `interval`: how far visitors came in each day, week or month, oldest first. */
  series?: FunnelSpan[];
  /** Its steps, in order. */
  steps: FunnelStep[];
}

/** A funnel in the days compared with. */
export interface FunnelBefore {
  /** First and last day, in the site's zone. */
  date_range: string[];
  /** With `interval`: as in the answer, by position. */
  series?: FunnelSpan[];
  /** The steps then. */
  steps: FunnelStep[];
}

/** A day, week or month of a funnel. */
export interface FunnelSpan {
  /** Percent of those who took the first step that took the last one. */
  conversion_rate: number;
  /** Its first day. */
  from: string;
  /** Visitors of each step, each once a day. */
  visitors: number[];
}

/** One step. */
export interface FunnelStep {
  /** Percent of those who took the first step. */
  conversion_rate: number;
  /** Times somebody came this far: once per visitor and day. */
  events: number;
  /** The goal. */
  name: string;
  /** Percent of those who took the step before; of the first step 100, or 0 when nobody took it. */
  step_rate: number;
  /** Visitors who came this far, each once a day. */
  visitors: number;
}

/** The funnels of a site, in the order they were made. */
export interface Funnels {
  funnels: Funnel[];
}

/** What is there, or how far visitors came in one of them. */
export type FunnelsOrAnswer = Funnels | FunnelAnswer;

/** A link's secret and its password. */
export interface Given {
  /** Its password; none for a link without. */
  password?: string;
  /** The token of the link. */
  token: string;
}

/** A goal: a page pattern, or else an event, with a property if one is named. */
export interface Goal {
  /** Name of the event. */
  event?: string | null;
  /** Its name, unique within the site. */
  name: string;
  /** Pattern of the page's path; `*` is any text without a slash, `**` any text. */
  page?: string | null;
  /** `key=value` of a property the event must carry. */
  property?: string | null;
}

/** The goals of a site, by name. */
export interface Goals {
  goals: Goal[];
}

/** What was brought in from files. */
export interface Import {
  /** When it began. */
  began_at: string;
  /** When it ended; null while it goes on, and when it was cut short. */
  ended_at?: string | null;
  /** Events it counted. */
  events: number;
  /** The first day it touched, in the site's zone. */
  first_day?: string | null;
  /** What the files were. */
  format: string;
  /** Its id. */
  id: string;
  kind: ImportKind;
  /** The last one. */
  last_day?: string | null;
}

/** What an import brought. */
export type ImportKind = "events" | "totals";

/** Days of a range that were filled in from files. */
export interface ImportedDays {
  /** First and last day, as far as they lie in the range. */
  date_range: string[];
  /** What the files were. */
  format: string;
  /** `events` were counted as any other; `totals` are another product's numbers of days that were not counted here, of which there are no hours, crossings and places finer than a country. */
  kind: string;
}

/** The imports of a site, oldest first. */
export interface Imports {
  imports: Import[];
}

/** One page after another. */
export interface JourneyRow {
  /** How often. */
  events: number;
  /** The page before; `(other)` in the row of that name, unless `from_page` is asked for. */
  from: string;
  /** The page after; `(other)` in the row of that name, unless `to_page` is asked for. */
  to: string;
  /** Visitors; in a row `(other)` at most so many. */
  visitors: number;
}

/** Which page follows which. Rows come from the most frequent down, `(other)` last. */
export interface JourneysAnswer {
  /** What to know about them. `suppressed` is what `next` folds: every step of a visit is once in that list, and in the others the first two are told again. What `second` folds stands in its own `(other)`. */
  meta: SpecialMeta;
  /** From any page to the next one of the same visit. `(other)`: page views of `from` after which something else came than is listed: a pair that too few visitors stand behind, or the same page again. What ends a visit is not in it. With `to_page`: page views of `to` before which something else came; what begins a visit is not in it. */
  next: JourneyRow[];
  /** From the first page of a visit to the second. `(other)`: visits of more than one page view that are not listed; not with `to_page`: how many second pages there are is not kept. */
  second: JourneyRow[];
  /** From the second page of a visit to the third. There is no `(other)`, for the same reason. */
  third: JourneyRow[];
}

/** A key. */
export interface Key {
  /** When it was made. */
  created_at: string;
  /** When it ends by itself, as those do that a running command has; null: never. */
  expires_at?: string | null;
  /** Its id; no secret. */
  id: string;
  /** A note of whoever made it. */
  label: string;
  /** When it was revoked; null while it works. */
  revoked_at?: string | null;
  /** What it may do: ask for numbers, send events, or both and change the site. */
  scope: string;
}

/** The keys of a site, revoked ones included, in the order they were made. */
export interface Keys {
  keys: Key[];
}

/** A key, with its secret. */
export interface MadeKey extends Key {
  /** The key. It is told this once and kept as a hash. */
  key: string;
}

/** A link, with its secret. */
export interface MadeShare extends Share {
  /** The secret in the link. It is told this once and kept as a hash. */
  token: string;
  /** The link. */
  url: string;
}

/** A new note. */
export interface NewAnnotation {
  /** The day, in the site's zone. */
  day: string;
  /** What happened. */
  text: string;
}

/** One group of such a day. What is absent is 0. */
export interface NewCell {
  bounces?: number;
  /** Code of the dimension: total, page, source … */
  dimension?: string;
  engaged_n?: number;
  engaged_secs?: number;
  events?: number;
  pageviews?: number;
  scroll_n?: number;
  scroll_pct_sum?: number;
  /** Its value; empty for total. */
  value?: string;
  visit_secs?: number;
  visitors?: number;
  visits?: number;
}

/** One of these days. */
export interface NewDay {
  cells: NewCell[];
  /** The day, in the site's zone. */
  day: string;
}

/** A new funnel. */
export interface NewFunnel {
  /** What people see, unique within the site. */
  name: string;
  /** Names of goals of the site, in order, each once. */
  steps: string[];
}

/** A new key. */
export interface NewKey {
  /** A note for yourself. */
  label?: string;
  /** What it may do. */
  scope: string;
}

/** A new link. */
export interface NewShare {
  /** What it is called; readers see it. */
  name: string;
  /** With which it opens; none: the link is enough. */
  password?: string | null;
}

/** A new site. Everything else is set by a change. */
export interface NewSite {
  /** Accepted hosts; empty: every host. Unless said, an id that is a host name accepts itself, any other every host. */
  domains?: string[] | null;
  /** What events will carry in `site`. */
  id: string;
  /** k; 5 unless said. */
  min_visitors?: number | null;
  /** Months that sealed days are kept; 25 unless said. */
  retention_months?: number | null;
  /** Whether k applies to every dimension. */
  strict?: boolean | null;
  /** IANA name of the zone; UTC unless said. */
  timezone?: string | null;
}

/** Totals of days that were counted elsewhere. */
export interface NewTotals {
  days: NewDay[];
}

/** One numeric property. */
export interface NumberRow {
  /** The property. */
  key: string;
  /** Half of the numbers are not above this. */
  p50: number;
  /** Three quarters are not above this. */
  p75: number;
  /** Nineteen of twenty are not above this. */
  p95: number;
  /** How many events carried it. */
  samples: number;
}

/** Percentiles of numeric properties. */
export interface NumbersAnswer {
  /** What to know about them. */
  meta: SpecialMeta;
  /** One row per key that was sent. */
  numbers: NumberRow[];
}

/** The answer to one of them. */
export interface OneQueryAnswer {
  /** With status 200 a `QueryAnswer`, with any other a `Problem`. */
  body: Record<string, unknown>;
  /** The status `/api/v2/query` would have answered with. */
  status: number;
}

/** What opens the link for some hours. */
export interface Opened {
  /** When it stops working. */
  expires_at: string;
  /** Send it as `Headcount-Share` in place of the token. */
  pass: string;
}

/** An error (RFC 9457). `code` is stable; `detail` says what to do and never repeats what was sent. */
export interface Problem {
  /** Stable word for programs. */
  code: string;
  /** What is wrong this time and what to do. */
  detail?: string;
  /** The status of the answer. */
  status: number;
  /** What kind of problem it is. */
  title: string;
  /** `/problems/` and the code. */
  type: string;
}

/** The properties of a site. */
export interface PropertiesAnswer {
  /** What to know about them. */
  meta: SpecialMeta;
  /** One row per key, most events first: those that were sent, and, but for shared links, those that the site lists. */
  properties: PropertyRow[];
}

/** What is kept of a property. */
export type PropertyKind = "text" | "number";

/** One property. */
export interface PropertyRow {
  /** Events that carried it. */
  events: number;
  /** Its key. */
  key: string;
  /** Whether its values are kept, or only how they are distributed. */
  kind: PropertyKind;
  /** With `event`: how many of that event carried it, as far as enough visitors stand behind its values; null when the site keeps no pairs of the key with events. */
  of_event?: number | null;
  /** Different values on the days of the range; buckets, of a number. */
  values: number;
}

/** Several queries. */
export interface Queries {
  /** What `/api/v2/query` takes, each about a site of its own. */
  queries: Query[];
}

/** A query, in the shape of Plausible's Stats API v2. */
export interface Query {
  /** A word such as `7d`, or two dates. */
  date_range: unknown;
  /** What rows stand for; none: one row of totals. */
  dimensions?: string[];
  /** At most one: `[operator, dimension, values]`. */
  filters?: unknown[];
  /** What else is wanted. */
  include?: Record<string, unknown>;
  /** What is counted, each once. */
  metrics: string[];
  /** Pairs of a metric or dimension, and `asc` or `desc`. */
  order_by?: unknown[];
  /** `limit` and `offset`. */
  pagination?: Record<string, unknown>;
  /** The site. */
  site_id: string;
}

/** The answer to a query. */
export interface QueryAnswer {
  /** What to know about them: what was folded, how visitors are to be read, the zone. */
  meta: Record<string, unknown>;
  /** The query as it was understood. */
  query: Record<string, unknown>;
  /** The rows. */
  results: QueryRow[];
}

/** Their answers, in the same order. */
export interface QueryAnswers {
  answers: OneQueryAnswer[];
}

/** The same group in the days compared with. */
export interface QueryComparison {
  /** The change since then in percent; null where the number was zero. */
  change: (number | null)[];
  /** The value of each dimension then; differs from now in time only. */
  dimensions: string[];
  /** The numbers then. */
  metrics: number[];
}

/** One row. */
export interface QueryRow {
  /** With `include.comparison`: the same group in the days compared with, and the change in percent. */
  comparison?: QueryComparison;
  /** The value of each dimension. */
  dimensions: string[];
  /** The numbers, in the order of the metrics. */
  metrics: number[];
}

/** Who comes back. */
export interface RetentionAnswer {
  /** One row per week in which visitors came for the first time, oldest first. */
  cohorts: Cohort[];
  /** Active visitors of each day. */
  daily: ActiveDay[];
  /** What to know about them. */
  meta: SpecialMeta;
  /** Active visitors of each calendar month, each once. */
  monthly: ActiveSpan[];
  /** Active visitors of each week, each once. */
  weekly: ActiveSpan[];
}

/** Who is signed in. */
export interface Seen {
  credits: Credit[];
  /** Whether they own all sites: they add sites, and see every change. */
  owner: boolean;
  sites: SeenSite[];
  user: string;
  version: string;
}

/** A site, and what the user may do with it. */
export interface SeenSite {
  domains: string[];
  id: string;
  role: string;
  timezone: string;
}

/** A link with which anybody reads a site. */
export interface Share {
  /** When it was made. */
  created_at: string;
  /** Whether it opens with a password only. */
  has_password: boolean;
  /** Its id. */
  id: string;
  /** What it is called. */
  name: string;
}

/** The links of a site, in the order they were made. */
export interface Shares {
  shares: Share[];
}

/** What a link shows. Of a link whose password has not been given, only the site and that it needs one. */
export interface Shown {
  /** To be shown beside numbers. */
  credits: Credit[];
  /** k: groups of fewer visitors are not shown, in any dimension. */
  min_visitors?: number | null;
  /** What the link is called. */
  name?: string | null;
  /** Whether a password has to be given before anything is read. */
  needs_password: boolean;
  /** The one site. */
  site: string;
  /** The zone in which the site's days begin. */
  timezone?: string | null;
  version: string;
}

/** A site. */
export interface Site {
  /** `DIALECT:TOKEN` of other products' clients that send to this site. */
  accept: string[];
  crossings: CrossingsChoice;
  /** Accepted hosts, each with its subdomains; empty: every host. */
  domains: string[];
  /** Patterns of pages that are not counted. */
  excluded_paths: string[];
  /** Property keys that reports can be filtered by. */
  filter_properties: string[];
  /** What events carry in `site`. */
  id: string;
  /** k: groups of fewer visitors are not shown. */
  min_visitors: number;
  /** Numeric property keys of which the distribution is kept. */
  numbers: string[];
  /** Months that sealed days are kept. */
  retention_months: number;
  /** Whether k applies to every dimension. */
  strict: boolean;
  /** IANA name of the zone in which days begin. */
  timezone: string;
}

/** What to change of a site; what is absent stays. */
export interface SitePatch {
  /** `DIALECT:TOKEN` of other products' clients. */
  accept?: string[] | null;
  crossings?: CrossingsChoice | null;
  /** Accepted hosts; empty: every host. */
  domains?: string[] | null;
  /** Patterns of pages that are not counted: `*` is any text without a slash, `**` any text. Counts that are there stay. */
  excluded_paths?: string[] | null;
  /** Property keys that reports can be filtered by. */
  filter_properties?: string[] | null;
  /** k. */
  min_visitors?: number | null;
  /** Numeric property keys of which the distribution is kept. */
  numbers?: string[] | null;
  /** Months that sealed days are kept. */
  retention_months?: number | null;
  /** Whether k applies to every dimension. */
  strict?: boolean | null;
  /** IANA name of the zone. Days that have been counted keep theirs. */
  timezone?: string | null;
}

/** The sites a caller may read. */
export interface Sites {
  sites: Site[];
}

/** What to know about an answer. */
export interface SpecialMeta {
  /** First and last day, in the site's zone. */
  date_range: string[];
  /** Days of the range that were filled in from files, by import. */
  imported?: ImportedDays[];
  /** Where these numbers come from, when they are not of everybody. */
  note?: string;
  /** What was folded because too few visitors stand behind it, as far as it is known. */
  suppressed: Suppressed;
  /** The zone days are in. */
  timezone: string;
  /** How `visitors` is to be read: the unique visitors of each day, summed over days. */
  visitors: string;
}

/** What was folded because too few visitors stand behind it. */
export interface Suppressed {
  /** Events of them; where there is no `(other)`, at most. */
  events: number;
  /** Groups, as far as they are known: the remainder of a filtered table counts as one. Where there is no `(other)`, those of all values of the filter's dimension. */
  rows: number;
  /** Visitors in them, at most. */
  visitors: number;
}

/** Page views with a value in one bucket. */
export interface VitalBucket {
  /** The smallest value, in the unit of the vital. */
  from: number;
  /** How many page views. */
  samples: number;
  /** Values are below this; the same as `from` where all are zero, and in the last bucket there can be, which has no end. */
  to: number;
}

/** The vitals of a page. */
export interface VitalPage {
  /** The page. */
  page: string;
  /** One row per vital that was reported, without `buckets`. */
  vitals: VitalRow[];
}

/** One web vital. */
export interface VitalRow {
  /** How the values are spread: the buckets they were counted in, ascending, none of them empty. */
  buckets?: VitalBucket[];
  /** Percent that are good by the thresholds of web.dev. */
  good: number;
  /** `LCP`, `FCP`, `INP`, `TTFB` in milliseconds; `CLS`, a number. */
  name: string;
  /** Percent that need improvement. */
  needs_improvement: number;
  /** Half of them are not above this. */
  p50: number;
  /** Three quarters are not above this: the number by which a page is judged. */
  p75: number;
  /** Nineteen of twenty are not above this. */
  p95: number;
  /** Percent that are poor. */
  poor: number;
  /** How many page views reported it. */
  samples: number;
}

/** The vitals of a day, week or month. */
export interface VitalSpan {
  /** Its first day. */
  from: string;
  /** One row per vital that was reported, without `buckets`. */
  vitals: VitalRow[];
}

/** Percentiles of web vitals. */
export interface VitalsAnswer {
  /** What to know about them. With `pages`, `suppressed.rows` counts folded pairs of page and bucket, too. */
  meta: SpecialMeta;
  /** With `pages`: the same of each page, those with most reports first. Made of the pairs of page and bucket that enough visitors stand behind: of a page with few reports the rare values are missing, slow ones first. */
  pages?: VitalPage[];
  /** With `interval`: the same of each day, week or month, oldest first, those without reports too. */
  series?: VitalSpan[];
  /** One row per vital that was reported. */
  vitals: VitalRow[];
}
