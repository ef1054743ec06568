/** How long and how far the page in view was read. Time runs while the page is visible and has the focus. */

/** A report about the page view that was counted before. */
export interface Reading {
  engaged_secs: number;
  scroll_pct: number;
}

/** When the running stretch of attention began; false while nobody looks. */
let since: number | false;
/** Milliseconds of attention since the last report. */
let attention: number;
/** Lower edge of what was seen, in pixels of the page. */
let seen: number;
/** Scroll depth of the last report, in percent. */
let told: number;

/** Takes the time up to now and looks whether it goes on running. */
export const tick = (): void => {
  const now = Date.now();
  if (since) attention += now - since;
  since = !document.hidden && document.hasFocus() && now;
};

export const look = (): void => {
  seen = Math.max(seen, scrollY + innerHeight);
};

/** Begins a page view. How much of it is seen shows later: its content may not be there yet. */
export const restart = (): void => {
  tick();
  attention = seen = told = 0;
};

/** What is new since the last report; nothing when nothing is. */
export const reading = (): Reading | void => {
  tick();
  look();
  const engaged_secs = (attention / 1e3 + 0.5) | 0;
  // Of the height it has now: pages grow while they load.
  const scroll_pct = Math.max(told, Math.min(100, ((seen * 100) / document.documentElement.scrollHeight + 0.5) | 0));
  if (engaged_secs > 0 || scroll_pct > told) {
    attention = 0;
    told = scroll_pct;
    return { engaged_secs, scroll_pct };
  }
};
