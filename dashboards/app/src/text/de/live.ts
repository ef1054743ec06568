/** Der Live-Bericht. */
import type english from '../en/live.ts';
import { counted, plain } from '../plural.ts';

const text: typeof english = {
  title: 'Live',
  now: () => 'Besucher jetzt',
  nowMeaning: 'Verschiedene Besucher der letzten fünf Minuten',
  views: (n) => `${counted(n, { one: 'Seitenaufruf', other: 'Seitenaufrufe' })} in den letzten 30 Minuten`,
  minutes: 'Seitenaufrufe je Minute',
  minutesLabel: (n) => `Seitenaufrufe je Minute, ${plain(n)} in den letzten 30 Minuten`,
  minute: 'Minute',
  thisMinute: 'diese Minute',
  pageviews: 'Seitenaufrufe',
  connecting: 'Verbindung wird aufgebaut …',
  lost: 'Die Verbindung ist unterbrochen; neuer Versuch läuft.',
  on: 'Live',
  pages: 'Seiten heute',
  sources: 'Quellen heute',
  countries: 'Länder heute',
  pagesNow: 'Seiten, letzte 30 Minuten',
  sourcesNow: 'Quellen, letzte 30 Minuten',
  countriesNow: 'Länder, letzte 30 Minuten',
  fewNow: 'Nichts, was genug Besucher teilen.',
  nowNote: 'Eine halbe Stunde ist oft ein einzelner Mensch: Werte der letzten 30 Minuten erscheinen, wenn genug Besucher sie teilen, und werden jede Minute erneuert. Darunter steht der ganze Tag.',
  nobody: 'In den letzten 30 Minuten war niemand hier.',
  waiting: 'Warten auf den ersten Besucher …',
  paste: 'Füge diese Zeile in den Kopf jeder Seite ein. Der erste Besucher erscheint hier innerhalb von Sekunden, ohne Neuladen.',
};

export default text;
