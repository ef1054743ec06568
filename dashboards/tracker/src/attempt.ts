/** The one guard between the tracker and the page: whatever goes wrong behind it, the page never notices. */

/** What `step` gives; nothing when it throws, as with forbidden storage or properties that are no JSON. */
export const attempt = <T>(step: () => T): T | void => {
  try {
    return step();
  } catch {
    // A lost count is better than a broken page.
  }
};
