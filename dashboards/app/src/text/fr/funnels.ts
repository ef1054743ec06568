/** Le rapport des entonnoirs. */
import type english from '../en/funnels.ts';
import { counted, plain, plural } from '../plural.ts';

const people = (n: number): string => counted(n, { one: 'visiteur', many: 'de visiteurs', other: 'visiteurs' });

const text: typeof english = {
  title: 'Entonnoirs',
  choose: 'Entonnoirs de ce site',
  add: 'Nouvel entonnoir',
  copyOf: 'Nouveau à partir de ces étapes',
  remove: 'Supprimer',
  removeOne: (name) => `Supprimer l’entonnoir ${name}`,
  removeTitle: (name) => `Supprimer « ${name} » ?`,
  removeWhat: 'Il n’est plus compté, et ce qu’il a compté n’est plus montré. Un entonnoir redéfini repart de zéro. Les objectifs restent.',
  keep: 'Conserver',
  summary: (share, n) => `${share} des ${people(n)} qui ont commencé ${plural(n, { one: 'est allé', other: 'sont allés' })} jusqu’au bout.`,
  steps: (name) => `Étapes de ${name}`,
  step: 'Étape',
  ofStart: 'De la première étape',
  ofBefore: 'De l’étape précédente',
  lost: 'Partis avant',
  visitors: 'Visiteurs',
  people,
  wentOn: (share, lost) => `${share} ont continué, ${people(lost)} non`,
  since: (day) => `Chaque visiteur compte une fois par jour et par étape ; les étapes se suivent dans la même journée. Est compté ce qui est arrivé depuis la définition de l’entonnoir, le ${day}.`,
  notFiltered: 'Les entonnoirs sont comptés dans leur ensemble : le filtre ne change rien ici.',
  nobody: 'Personne n’a franchi la première étape sur cette période',
  nobodyWhy: (step) => `L’entonnoir commence par l’objectif « ${step} ». Dès qu’un visiteur l’atteint, les chiffres apparaissent ici ; ce qui s’est passé avant la définition de l’entonnoir n’est pas connu par étapes.`,
  none: 'Pas encore d’entonnoir',
  noneWhy: 'Un entonnoir est un chemin que vous voulez voir suivre : des objectifs, l’un après l’autre. Une fois défini, cette page dit combien arrivent à chaque étape, et où les autres partent.',
  noneHow: 'Les étapes sont des objectifs du site. En ligne de commande :',
  noneGuest: 'Ce site n’a pas d’entonnoir.',
  noGoals: 'Un entonnoir demande deux objectifs, et ce site en a moins. Un objectif est une page ou une fonctionnalité ; définissez-les d’abord.',
  noGoalsHow: 'Sur la page « Objectifs », ou en ligne de commande :',
  name: 'Nom',
  nameHint: 'Du prix à l’achat',
  order: 'Étapes, dans leur ordre',
  stepLabel: (n) => `Étape ${plain(n)}`,
  chooseGoal: 'Choisir un objectif…',
  up: (n) => `Monter l’étape ${plain(n)}`,
  down: (n) => `Descendre l’étape ${plain(n)}`,
  drop: (n) => `Supprimer l’étape ${plain(n)}`,
  moved: (name, n) => `${name} est maintenant l’étape ${plain(n)}`,
  addStep: 'Ajouter une étape',
  most: 'Huit étapes au plus.',
  twice: 'Chaque objectif peut être une étape une fois.',
  fromNow: 'Il compte à partir de maintenant. Un entonnoir ne se modifie pas ensuite : ses étapes n’auraient pas le même sens avant et après.',
  save: 'Commencer à compter',
  cancel: 'Annuler',
};

export default text;
