/** What stands where numbers will be, in the room they will take. */

/** Grey bars for the rows of a list, shorter and shorter. */
export const SkeletonRows = ({ rows = 8 }: { rows?: number }) => (
  <div class="bones" aria-hidden="true">
    {Array.from({ length: rows }, (_, i) => (
      <span key={i} class="bone" style={{ width: `${92 * 0.82 ** i}%` }} />
    ))}
  </div>
);

/** A grey box that fills its place. */
export const SkeletonBox = ({ height }: { height: string }) => <span class="bone" aria-hidden="true" style={{ height }} />;
