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
  today: 'Welche Seiten angesehen werden, wird je Stunde und Tag gezählt, nicht je Minute: Die Listen sind die von heute und laufen mit.',
  nobody: 'In den letzten 30 Minuten war niemand hier.',
  waiting: 'Warten auf den ersten Besucher …',
  paste: 'Füge diese Zeile in den Kopf jeder Seite ein. Der erste Besucher erscheint hier innerhalb von Sekunden, ohne Neuladen.',
};

export default text;
