/** Der Bericht über Trichter. */
import type english from '../en/funnels.ts';
import { counted, plain } from '../plural.ts';

const people = (n: number): string => counted(n, { other: 'Besucher' });
const dative = (n: number): string => counted(n, { one: 'Besucher', other: 'Besuchern' });

const text: typeof english = {
  title: 'Trichter',
  choose: 'Trichter dieser Website',
  add: 'Neuer Trichter',
  copyOf: 'Neuer aus diesen Schritten',
  remove: 'Entfernen',
  removeOne: (name) => `Trichter ${name} entfernen`,
  removeTitle: (name) => `„${name}“ entfernen?`,
  removeWhat: 'Er wird nicht mehr gezählt, und was er gezählt hat, wird nicht mehr gezeigt. Ein neu definierter Trichter beginnt bei null. Die Ziele bleiben.',
  keep: 'Behalten',
  summary: (share, n) => `${share} von ${dative(n)}, die begonnen haben, kamen bis zum Ende.`,
  summaryThen: (share) => `In den Vergleichstagen waren es ${share}.`,
  comparedWith: (days) => `Verglichen mit ${days}.`,
  steps: (name) => `Schritte von ${name}`,
  step: 'Schritt',
  ofStart: 'Vom ersten Schritt',
  ofBefore: 'Vom Schritt davor',
  lost: 'Vorher gegangen',
  visitorsThen: 'Besucher zuvor',
  ofStartThen: 'Vom ersten Schritt zuvor',
  overTime: 'Conversion im Zeitverlauf',
  visitors: 'Besucher',
  people,
  wentOn: (share, lost) => `${share} gingen weiter, ${people(lost)} nicht`,
  since: (day) => `Jeder Besucher zählt einmal je Tag und Schritt; die Schritte folgen innerhalb eines Tages aufeinander. Gezählt ist, was seit der Definition des Trichters am ${day} eintraf.`,
  notFiltered: 'Trichter werden als Ganzes gezählt: Der Filter ändert hier nichts.',
  nobody: 'Niemand hat in diesem Zeitraum den ersten Schritt getan',
  nobodyWhy: (step) => `Der Trichter beginnt mit dem Ziel „${step}“. Sobald ein Besucher es erreicht, erscheinen hier die Zahlen; was vor der Definition des Trichters geschah, ist nicht nach Schritten bekannt.`,
  none: 'Noch kein Trichter',
  noneWhy: 'Ein Trichter ist ein Weg, den Besucher nehmen sollen: Ziele, eines nach dem anderen. Ist er definiert, steht hier, wie viele zu jedem Schritt kommen und wo die anderen abspringen.',
  noneHow: 'Schritte sind Ziele der Website. Auf der Befehlszeile:',
  noneGuest: 'Diese Website hat keine Trichter.',
  noGoals: 'Ein Trichter braucht zwei Ziele, und diese Website hat weniger. Ein Ziel ist eine Seite oder eine Funktion; definiere sie zuerst.',
  noGoalsHow: 'Auf der Seite „Ziele“ oder auf der Befehlszeile:',
  name: 'Name',
  nameHint: 'Vom Preis zum Kauf',
  order: 'Schritte in ihrer Reihenfolge',
  stepLabel: (n) => `Schritt ${plain(n)}`,
  chooseGoal: 'Ziel wählen …',
  up: (n) => `Schritt ${plain(n)} nach oben`,
  down: (n) => `Schritt ${plain(n)} nach unten`,
  drop: (n) => `Schritt ${plain(n)} entfernen`,
  moved: (name, n) => `${name} ist jetzt Schritt ${plain(n)}`,
  addStep: 'Schritt hinzufügen',
  most: 'Mehr als acht Schritte gehen nicht.',
  twice: 'Jedes Ziel kann einmal ein Schritt sein.',
  fromNow: 'Gezählt wird ab jetzt. Ein Trichter wird später nicht geändert: Seine Schritte hätten davor und danach nicht dieselbe Bedeutung.',
  save: 'Zählung beginnen',
};

export default text;
