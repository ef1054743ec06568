/** A failure, said plainly, with the way out. */
import type { ApiError } from '../api/fetch.ts';

interface Props {
  error: ApiError;
  retry: () => void;
}

export const Notice = ({ error, retry }: Props) => (
  <div class="notice" role="alert">
    <p>{error.message}</p>
    <button type="button" class="plain" onClick={retry}>
      Try again
    </button>
  </div>
);
