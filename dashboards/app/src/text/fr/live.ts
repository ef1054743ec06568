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
  today: 'Les pages regardées sont comptées par heure et par jour, pas par minute : les listes sont celles d’aujourd’hui et suivent le mouvement.',
  nobody: 'Personne n’était là ces 30 dernières minutes.',
  waiting: 'En attente du premier visiteur…',
  paste: 'Collez cette ligne dans l’en-tête de chaque page. Le premier visiteur apparaît ici en quelques secondes, sans rechargement.',
};

export default text;
