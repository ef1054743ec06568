/** A failure, said plainly, with the way out. What is not kept is no failure: it is explained. */
import type { ApiError } from '../api/request.ts';
import { t } from '../text/words.ts';

interface Props {
  error: ApiError;
  again: () => void;
}

const saidOf = (error: ApiError): string => {
  if (error.code === 'unreachable') return t().unreachable;
  return error.code === 'unexpected' ? t().unreadable : error.message;
};

export function Problem({ error, again }: Props) {
  if (error.status === 422) {
    return (
      <div class="explained" role="note">
        <strong>{t().notKept}</strong>
        <p>{error.message}</p>
      </div>
    );
  }
  return (
    <div class="notice" role="alert">
      <p>{saidOf(error)}</p>
      <button type="button" class="plain" onClick={again}>
        {t().again}
      </button>
    </div>
  );
}
