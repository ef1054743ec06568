/** The words of all reports in the language of now. */
import { catalogue } from './catalogue.ts';
import shell from './en/shell.ts';
import words from './en/words.ts';

export const w = catalogue('words', words);
export const t = catalogue('shell', shell);

/** What a dimension is called. */
export const dimensionName = (dimension: string): string => {
  const property = /^event:props:(.*)$/.exec(dimension)?.[1];
  return property === undefined ? ((w().dimensions as Record<string, string>)[dimension] ?? dimension) : w().property(property);
};
