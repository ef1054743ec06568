/** The mark: four strokes and the one that makes five. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M5 5v14M10 5v14M15 5v14M20 5v14M2 16.5l20-9" />
  </svg>
);
