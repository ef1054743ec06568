/** Le rapport des parcours. */
import type english from '../en/journeys.ts';
import { counted, plural } from '../plural.ts';

const visits = (n: number): string => counted(n, { one: 'visite', many: 'de visites', other: 'visites' });

const text: typeof english = {
  title: 'Parcours',
  flow: 'De la première à la troisième page d’une visite',
  ways: 'Quels chemins',
  allWays: 'Toutes les visites',
  starting: (page) => `À partir de ${page}`,
  leading: (page) => `Menant à ${page}`,
  columns: ['Première page', 'Deuxième page', 'Troisième page'],
  visits,
  morePages: (n) => counted(n, { one: 'autre page', other: 'autres pages' }),
  link: (from, to, n) => `${from} → ${to} : ${visits(n)}`,
  said: (pages) => `Chemins des visites, de la première à la troisième page. La plupart commencent sur ${pages}.`,
  rare: (n) => `${visits(n)} de plus d’une page ${plural(n, { one: 'a pris', other: 'ont pris' })} des chemins que trop peu de visiteurs partagent pour être montrés.`,
  drawRare: 'Les tracer comme « Autres »',
  onlyRare: 'Tous les chemins étaient trop rares pour être montrés. Seuls sont conservés ceux qu’assez de visiteurs partagent le même jour.',
  first: 'Première → deuxième page',
  second: 'Deuxième → troisième page',
  from: 'De',
  to: 'Vers',
  times: 'Fois',
  page: 'Page',
  around: 'Autour d’une page',
  after: (page) => `Après ${page}`,
  before: (page) => `Avant ${page}`,
  afterNote: 'Autres : les pages où trop peu de visiteurs sont allés, et la même page à nouveau. Les visites terminées ici n’y sont pas.',
  beforeNote: 'Autres : les pages d’où trop peu de visiteurs sont venus, et la même page à nouveau. Les visites commencées ici n’y sont pas.',
  noAfter: 'Rien n’a suivi cette page sur cette période.',
  noBefore: 'Rien n’a précédé cette page sur cette période.',
  choose: 'Montrer ce qui vient avant et après cette page',
  notFiltered: 'Les parcours sont comptés dans leur ensemble : le filtre ne change rien ici.',
  none: 'Aucune visite de plus d’une page sur cette période',
  noneWhy: 'Un parcours est une paire : une page et celle regardée ensuite dans la même visite. Rien n’est à configurer. Le traceur compte de lui-même les pages et les vues des applications monopages :',
  noneApps: 'Une app envoie ses écrans, avec un identifiant valable un jour :',
};

export default text;
