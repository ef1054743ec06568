/**
 * The reports, in the order of the navigation. A report is a folder here whose `Report.tsx` exports the component as
 * `default`; each is loaded when it is opened. A name below without a folder is not shown.
 */
import type { ComponentType } from 'preact';
import { fetchText, translated } from '../text/catalogue.ts';
import type { Texts } from '../text/translations.ts';

type ReportId = keyof Texts['shell']['reports'];

export interface Report {
  /** The folder, the file of its strings, and the name in `shell.reports`. */
  id: ReportId;
  /** In the address after `/s/{site}/`; the traffic has none. */
  path: string;
  /** Whether it is about a period: the date menu is shown. */
  dated: boolean;
  /** Whether those may see it who only look: viewers, and holders of a share link. */
  shared: boolean;
}

const files = import.meta.glob<{ default: ComponentType }>('./*/Report.tsx');

const report = (id: ReportId, { path = id as string, dated = true, shared = true } = {}): Report => ({ id, path, dated, shared });

export const REPORTS: readonly Report[] = [
  report('traffic', { path: '' }),
  report('features'),
  report('funnels'),
  report('journeys'),
  report('retention'),
  report('goals'),
  report('vitals'),
  report('live', { dated: false }),
  report('settings', { dated: false, shared: false }),
].filter(({ id }) => `./${id}/Report.tsx` in files);

export const reportAt = (path: string): Report | undefined => REPORTS.find((one) => one.path === path);

const loaded = new Map<ReportId, Promise<ComponentType>>();

/** A report's component, with its strings. A failure is forgotten, so that it can be tried again. */
export function loadReport(id: ReportId): Promise<ComponentType> {
  const before = loaded.get(id);
  if (before) return before;
  const file = files[`./${id}/Report.tsx`];
  // Side by side: the script would ask for its strings only once it is there.
  void fetchText(id);
  const loading = (file ? file() : Promise.reject(new Error('no such report'))).then(async (found) => {
    await translated();
    return found.default;
  });
  loading.catch(() => loaded.delete(id));
  loaded.set(id, loading);
  return loading;
}
