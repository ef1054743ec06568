/** El informe de embudos. */
import type english from '../en/funnels.ts';
import { counted, plain, plural } from '../plural.ts';

const people = (n: number): string => counted(n, { one: 'visitante', many: 'de visitantes', other: 'visitantes' });

const text: typeof english = {
  title: 'Embudos',
  choose: 'Embudos de este sitio',
  add: 'Embudo nuevo',
  copyOf: 'Uno nuevo con estos pasos',
  remove: 'Eliminar',
  removeOne: (name) => `Eliminar el embudo ${name}`,
  removeTitle: (name) => `¿Eliminar «${name}»?`,
  removeWhat: 'Deja de contarse, y lo que contó deja de mostrarse. Un embudo definido de nuevo empieza de cero. Los objetivos se quedan.',
  keep: 'Conservar',
  summary: (share, n) => `El ${share} de ${people(n)} que ${plural(n, { one: 'empezó', other: 'empezaron' })} llegó al final.`,
  steps: (name) => `Pasos de ${name}`,
  step: 'Paso',
  ofStart: 'Del primer paso',
  ofBefore: 'Del paso anterior',
  lost: 'Se fueron antes',
  visitors: 'Visitantes',
  people,
  wentOn: (share, lost) => `El ${share} siguió, ${people(lost)} no`,
  since: (day) => `Cada visitante cuenta una vez por día y paso; los pasos se suceden dentro de un mismo día. Se cuenta lo llegado desde que se definió el embudo, el ${day}.`,
  notFiltered: 'Los embudos se cuentan en conjunto: el filtro no cambia nada aquí.',
  nobody: 'Nadie dio el primer paso en este período',
  nobodyWhy: (step) => `El embudo empieza con el objetivo «${step}». En cuanto un visitante lo alcance, aquí aparecerán las cifras; lo que pasó antes de definir el embudo no se conoce por pasos.`,
  none: 'Aún no hay embudos',
  noneWhy: 'Un embudo es un camino que quieres que recorran los visitantes: objetivos, uno tras otro. Una vez definido, esta página dice cuántos llegan a cada paso y dónde se van los demás.',
  noneHow: 'Los pasos son objetivos del sitio. En la línea de comandos:',
  noneGuest: 'Este sitio no tiene embudos.',
  noGoals: 'Un embudo necesita dos objetivos, y este sitio tiene menos. Un objetivo es una página o una función; defínelos primero.',
  noGoalsHow: 'En la página «Objetivos» o en la línea de comandos:',
  name: 'Nombre',
  nameHint: 'Del precio a la compra',
  order: 'Pasos, en su orden',
  stepLabel: (n) => `Paso ${plain(n)}`,
  chooseGoal: 'Elige un objetivo…',
  up: (n) => `Subir el paso ${plain(n)}`,
  down: (n) => `Bajar el paso ${plain(n)}`,
  drop: (n) => `Eliminar el paso ${plain(n)}`,
  moved: (name, n) => `${name} es ahora el paso ${plain(n)}`,
  addStep: 'Añadir un paso',
  most: 'Ocho pasos como máximo.',
  twice: 'Cada objetivo puede ser un paso una vez.',
  fromNow: 'Cuenta a partir de ahora. Un embudo no se cambia después: sus pasos no significarían lo mismo antes y después.',
  save: 'Empezar a contar',
  cancel: 'Cancelar',
};

export default text;
