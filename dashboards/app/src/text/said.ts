/** What went wrong, in the language of now. */
import type { ApiError } from '../api/request.ts';
import { catalogue, language } from './catalogue.ts';
import type english from './en/problems.ts';
import { t } from './words.ts';

/** Of English nothing is shown: the server's words name what they are about. */
const problems = catalogue('problems', {} as typeof english);

/** The words for a failure: ours for what other languages have a word for, else the server's. */
export function said(error: ApiError): string {
  if (error.code === 'unreachable') return t().unreachable;
  if (error.code === 'unexpected') return t().unreadable;
  const words: Partial<Record<string, string>> = language.value === 'en' ? {} : problems();
  return (Object.hasOwn(words, error.code) ? words[error.code] : undefined) ?? error.message;
}
