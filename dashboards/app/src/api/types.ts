/** The API's documents as the dashboard reads them. One file, so that it can be generated from the server's OpenAPI. */

export type Role = 'owner' | 'editor' | 'viewer';

export interface Site {
  id: string;
  /** IANA name; days and hours of every answer are this zone's. */
  timezone: string;
  domains: string[];
  role: Role;
}

/** A data source whose licence asks to be named. */
export interface Credit {
  text: string;
  url: string;
}

/** `GET /api/v1/session` */
export interface Session {
  user: string;
  sites: Site[];
  credits: Credit[];
  version: string;
}

/** `GET /api/v1/claim` */
export interface Claim {
  user: string;
}

export type Measure = 'visitors' | 'pageviews' | 'events';

/** ISO dates, both included. */
export type DatePair = [from: string, to: string];

/** `POST /api/v2/query` */
export interface Query {
  site_id: string;
  metrics: Measure[];
  date_range: string | DatePair;
  dimensions?: string[];
  order_by?: [name: string, direction: 'asc' | 'desc'][];
  pagination?: { limit: number; offset?: number };
}

export interface QueryRow {
  dimensions: string[];
  metrics: number[];
}

export interface QueryAnswer {
  results: QueryRow[];
  meta: { visitors?: 'daily_sum' | 'upper_bound' };
}

/** One message of `GET /api/v1/live` */
export interface Live {
  /** Of the last five minutes. */
  visitors: number;
  /** Of the last five minutes. */
  pageviews: number;
  /** Page views per minute of the last 30 minutes, oldest first. */
  minutes: number[];
}

/** `application/problem+json` */
export interface Problem {
  title: string;
  status: number;
  detail?: string;
  code: string;
}
