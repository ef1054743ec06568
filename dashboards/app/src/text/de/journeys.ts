/** Der Bericht über Pfade. */
import type english from '../en/journeys.ts';
import { counted } from '../plural.ts';

const visits = (n: number): string => counted(n, { one: 'Besuch', other: 'Besuche' });

const text: typeof english = {
  title: 'Pfade',
  flow: 'Von der ersten bis zur dritten Seite eines Besuchs',
  ways: 'Welche Pfade',
  allWays: 'Alle Besuche',
  starting: (page) => `Ab ${page}`,
  leading: (page) => `Bis ${page}`,
  columns: ['Erste Seite', 'Zweite Seite', 'Dritte Seite'],
  visits,
  morePages: (n) => counted(n, { one: 'weitere Seite', other: 'weitere Seiten' }),
  link: (from, to, n) => `${from} → ${to}: ${visits(n)}`,
  said: (pages) => `Pfade der Besuche von der ersten bis zur dritten Seite. Die meisten beginnen auf ${pages}.`,
  rare: (n) => `${visits(n)} mit mehr als einer Seite nahmen Pfade, die zu wenige Besucher teilen, um sie zu zeigen.`,
  drawRare: 'Als „Übrige“ zeichnen',
  onlyRare: 'Jeder Pfad war zu selten, um gezeigt zu werden. Aufbewahrt werden nur Pfade, die an einem Tag genug Besucher teilen.',
  first: 'Erste → zweite Seite',
  second: 'Zweite → dritte Seite',
  from: 'Von',
  to: 'Nach',
  times: 'Male',
  page: 'Seite',
  around: 'Rund um eine Seite',
  after: (page) => `Nach ${page}`,
  before: (page) => `Vor ${page}`,
  afterNote: 'Übrige: Seiten, zu denen zu wenige Besucher gingen, und noch einmal dieselbe Seite. Besuche, die hier endeten, sind nicht dabei.',
  beforeNote: 'Übrige: Seiten, von denen zu wenige Besucher kamen, und noch einmal dieselbe Seite. Besuche, die hier begannen, sind nicht dabei.',
  noAfter: 'In diesem Zeitraum folgte nichts auf diese Seite.',
  noBefore: 'In diesem Zeitraum kam nichts vor dieser Seite.',
  choose: 'Zeigen, was vor und nach dieser Seite kommt',
  notFiltered: 'Pfade werden als Ganzes gezählt: Der Filter ändert hier nichts.',
  none: 'Kein Besuch mit mehr als einer Seite in diesem Zeitraum',
  noneWhy: 'Ein Pfad ist ein Paar: eine Seite und die, die im selben Besuch als Nächstes angesehen wurde. Einzurichten ist nichts. Der Tracker zählt Seiten und die Ansichten von Single-Page-Apps von selbst:',
  noneApps: 'Eine App sendet ihre Bildschirme, mit einer Kennung, die einen Tag lang gilt:',
};

export default text;
