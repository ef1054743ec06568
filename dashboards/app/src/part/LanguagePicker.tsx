/** The language of the page, for those who have no menu of their own: readers of a shared page, and before signing in. */
import { remember } from '../state/liking.ts';
import { language, LANGUAGES, type Language } from '../text/catalogue.ts';
import { t } from '../text/words.ts';

export const LanguagePicker = () => (
  <label class="language">
    <span>{t().language}</span>
    <select value={language.value} onChange={(event) => remember('lang', event.currentTarget.value)}>
      {(Object.keys(LANGUAGES) as Language[]).map((id) => (
        <option key={id} value={id} lang={id}>
          {LANGUAGES[id]}
        </option>
      ))}
    </select>
  </label>
);
