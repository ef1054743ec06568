/** Le rapport en direct. */
import type english from '../en/live.ts';
import { counted, plain, plural } from '../plural.ts';

const text: typeof english = {
  title: 'En direct',
  now: (n) => plural(n, { one: 'visiteur en ce moment', other: 'visiteurs en ce moment' }),
  nowMeaning: 'Visiteurs différents des cinq dernières minutes',
  views: (n) => `${counted(n, { one: 'page vue', other: 'pages vues' })} ces 30 dernières minutes`,
  minutes: 'Pages vues par minute',
  minutesLabel: (n) => `Pages vues par minute, ${plain(n)} ces 30 dernières minutes`,
  minute: 'Minute',
  thisMinute: 'cette minute',
  pageviews: 'Pages vues',
  connecting: 'Connexion…',
  lost: 'La connexion est perdue ; nouvel essai en cours.',
  on: 'En direct',
  pages: 'Pages du jour',
  sources: 'Sources du jour',
  countries: 'Pays du jour',
  pagesNow: 'Pages, 30 dernières minutes',
  sourcesNow: 'Sources, 30 dernières minutes',
  countriesNow: 'Pays, 30 dernières minutes',
  fewNow: 'Rien que partagent assez de visiteurs.',
  nowNote: 'Une demi-heure, c’est souvent une seule personne : les valeurs des 30 dernières minutes apparaissent quand assez de visiteurs les partagent, et sont renouvelées chaque minute. En dessous, toute la journée.',
  nobody: 'Personne n’était là ces 30 dernières minutes.',
  waiting: 'En attente du premier visiteur…',
  paste: 'Collez cette ligne dans l’en-tête de chaque page. Le premier visiteur apparaît ici en quelques secondes, sans rechargement.',
};

export default text;
