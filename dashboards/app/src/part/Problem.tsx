/** A failure, said plainly, with the way out. What is not kept is no failure: it is explained. */
import type { ApiError } from '../api/request.ts';
import { said } from '../text/said.ts';
import { t } from '../text/words.ts';

interface Props {
  error: ApiError;
  again: () => void;
}

export function Problem({ error, again }: Props) {
  if (error.status === 422) {
    return (
      <div class="explained" role="note">
        <strong>{t().notKept}</strong>
        <p>{said(error)}</p>
      </div>
    );
  }
  return (
    <div class="notice" role="alert">
      <p>{said(error)}</p>
      <button type="button" class="plain" onClick={again}>
        {t().again}
      </button>
    </div>
  );
}
