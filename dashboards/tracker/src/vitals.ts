/** Web vitals of one page load, as the browser measures them: milliseconds, and CLS as the plain number it is. */

export type Vitals = Partial<Record<'LCP' | 'CLS' | 'INP' | 'FCP' | 'TTFB', number>>;

/** The fields of the entries that are observed; each kind has some of them. */
interface Entry extends PerformanceEntry {
  responseStart: number;
  interactionId: number;
  hadRecentInput: boolean;
  value: number;
}

/** Fills `vitals` as long as the page lives. What a browser does not measure stays absent. */
export const watch = (vitals: Vitals): void => {
  let first = 0;
  let last = 0;
  let shift = 0;
  const on = (type: string, step: (entry: Entry, time: number) => void): void =>
    new PerformanceObserver((list) =>
      list.getEntries().map((entry) => step(entry as Entry, entry.startTime)),
    ).observe({ type, buffered: true, durationThreshold: 16 } as PerformanceObserverInit);

  on('navigation', (entry) => (vitals.TTFB = entry.responseStart));
  // First paint, then first paint of content.
  on('paint', (_, time) => (vitals.FCP = time));
  on('largest-contentful-paint', (_, time) => (vitals.LCP = time));
  // The slowest interaction: one in fifty may be left out, but a page view seldom has that many.
  on('event', (entry) => {
    if (entry.interactionId) vitals.INP = Math.max(vitals.INP || 0, entry.duration);
  });
  // The worst window of shifts; it ends after a second of rest, or five seconds.
  on('layout-shift', (entry, time) => {
    if (entry.hadRecentInput) return;
    if (time - last > 1e3 || time - first > 5e3) {
      shift = 0;
      first = time;
    }
    last = time;
    vitals.CLS = Math.max(vitals.CLS!, (shift += entry.value));
  });
};
