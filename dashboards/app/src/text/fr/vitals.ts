/** Le rapport des signaux web essentiels. */
import type english from '../en/vitals.ts';
import { counted } from '../plural.ts';

const text: typeof english = {
  title: 'Signaux web essentiels',
  names: {
    LCP: 'Largest Contentful Paint',
    INP: 'Interaction to Next Paint',
    CLS: 'Cumulative Layout Shift',
    FCP: 'First Contentful Paint',
    TTFB: 'Time to First Byte',
  },
  meanings: {
    LCP: 'Temps avant que la plus grande partie de la page soit là.',
    INP: 'Temps que la page a mis à répondre aux actions.',
    CLS: 'De combien les choses ont bougé pendant qu’on regardait.',
    FCP: 'Temps avant que quelque chose soit là.',
    TTFB: 'Temps avant que la réponse du serveur commence.',
  },
  ratings: { good: 'Bon', fair: 'À améliorer', poor: 'Mauvais' },
  percentile: '75 % des pages vues ne dépassent pas cette valeur',
  of: (good, poor) => `Bon jusqu’à ${good}, mauvais au-delà de ${poor}`,
  samples: (n) => counted(n, { one: 'page vue', many: 'de pages vues', other: 'pages vues' }),
  samplesLabel: 'Mesuré',
  shares: (name) => `${name} : parts des pages vues`,
  shareOf: (rating, share) => `${rating} : ${share}`,
  histogram: (name) => `${name} : pages vues par valeur`,
  histogramTable: 'Distribution sous forme de tableau',
  value: 'Valeur',
  overTime: (name) => `${name}, p75 dans le temps`,
  pages: 'p75 par page',
  pagesTable: 'Les pages et leurs signaux',
  pagesMeaning: 'Pages vues qui ont rapporté, du signal qui en a le plus',
  allPages: (n) => `Afficher les ${n} pages`,
  noPages: 'Aucune page n’a de valeur qu’assez de visiteurs partagent le même jour.',
  foldedPages: 'Les valeurs d’une page que trop peu de visiteurs partagent le même jour sont écartées, les rares d’abord : avec peu de pages vues, une page paraît meilleure qu’elle n’est. Cliquez sur une page pour la voir seule.',
  notMeasured: 'Non mesuré',
  devices: 'Appareils',
  all: 'Tous les appareils',
  oneValue: 'Les signaux se filtrent par une seule valeur : ce filtre est mis de côté ici.',
  rights: 'Les centiles viennent d’effectifs par classe, quatre classes par doublement : exacts à un cinquième près au pire. Aucune valeur individuelle n’est conservée.',
  when: 'Chaque navigateur rapporte une fois par chargement, quand la page est quittée.',
  about: 'À propos de ces chiffres',
  turnedOn: 'Mesuré sur les pages dont le traceur porte data-vitals :',
  none: 'Pas encore de mesures',
  noneWhy: 'Le traceur mesure la vitesse à laquelle les pages apparaissent et répondent quand on le lui demande : ajoutez data-vitals à sa balise script. Cela ne coûte rien aux visiteurs, et aucune mesure individuelle n’est conservée.',
  noneUnder: 'Aucune mesure sous ce filtre : pour une paire signal et filtre, les groupes de trop peu de visiteurs ne sont pas montrés.',
};

export default text;
