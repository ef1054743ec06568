/** Der Bericht über Web Vitals. */
import type english from '../en/vitals.ts';
import { counted } from '../plural.ts';

const text: typeof english = {
  title: 'Web Vitals',
  names: {
    LCP: 'Largest Contentful Paint',
    INP: 'Interaction to Next Paint',
    CLS: 'Cumulative Layout Shift',
    FCP: 'First Contentful Paint',
    TTFB: 'Time to First Byte',
  },
  meanings: {
    LCP: 'Wie lange es dauerte, bis der größte Teil der Seite da war.',
    INP: 'Wie lange die Seite brauchte, um auf Eingaben zu reagieren.',
    CLS: 'Wie weit sich Dinge verschoben, während man hinsah.',
    FCP: 'Wie lange es dauerte, bis überhaupt etwas da war.',
    TTFB: 'Wie lange es dauerte, bis die Antwort des Servers begann.',
  },
  ratings: { good: 'Gut', fair: 'Verbesserungswürdig', poor: 'Schlecht' },
  percentile: '75 % der Seitenaufrufe liegen nicht darüber',
  of: (good, poor) => `Gut bis ${good}, schlecht über ${poor}`,
  samples: (n) => counted(n, { one: 'Seitenaufruf', other: 'Seitenaufrufe' }),
  samplesLabel: 'Gemessen',
  shares: (name) => `${name}: Anteile der Seitenaufrufe`,
  shareOf: (rating, share) => `${rating}: ${share}`,
  histogram: (name) => `${name}: Seitenaufrufe nach Wert`,
  histogramTable: 'Verteilung als Tabelle',
  value: 'Wert',
  overTime: (name) => `${name}, p75 im Zeitverlauf`,
  pages: 'p75 je Seite',
  pagesTable: 'Seiten und ihre Vitals',
  pagesMeaning: 'Seitenaufrufe, die berichtet haben, vom Vital mit den meisten',
  allPages: (n) => `Alle ${n} Seiten anzeigen`,
  noPages: 'Keine Seite hat einen Wert, den an einem Tag genug Besucher teilen.',
  foldedPages: 'Werte einer Seite, die an einem Tag zu wenige Besucher teilen, sind ausgelassen, die seltenen zuerst: Mit wenigen Aufrufen sieht eine Seite besser aus, als sie ist. Klicke auf eine Seite, um sie allein zu sehen.',
  notMeasured: 'Nicht gemessen',
  devices: 'Geräte',
  all: 'Alle Geräte',
  oneValue: 'Vitals werden nach einem Wert gefiltert: Dieser Filter ruht hier.',
  rights: 'Perzentile ergeben sich aus Anzahlen je Klasse, vier Klassen je Verdopplung: schlimmstenfalls auf ein Fünftel genau. Kein einzelner Wert wird aufbewahrt.',
  when: 'Jeder Browser berichtet einmal je Seitenaufruf, wenn die Seite verlassen wird.',
  about: 'Zu diesen Zahlen',
  turnedOn: 'Gemessen auf Seiten, deren Tracker data-vitals hat:',
  none: 'Noch keine Vitals',
  noneWhy: 'Der Tracker misst, wie schnell Seiten erscheinen und reagieren, wenn man es ihm sagt: Füge data-vitals zu seinem Script-Tag hinzu. Besucher kostet es nichts, und keine einzelne Messung wird aufbewahrt.',
  noneUnder: 'Keine Vitals unter diesem Filter: Vom Paar aus Vital und Filter werden Gruppen mit zu wenigen Besuchern nicht gezeigt.',
};

export default text;
