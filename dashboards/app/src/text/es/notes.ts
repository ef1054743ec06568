/** Las notas en la línea de tiempo. */
import type english from '../en/notes.ts';

const text: typeof english = {
  title: 'Notas en la línea de tiempo',
  about: 'Están en la curva del tráfico, también donde se comparte.',
  none: 'Aún no hay notas.',
  day: 'Día',
  text: 'Qué pasó',
  textHint: 'Nueva página de precios',
  add: 'Añadir una nota',
  save: 'Guardar',
  edit: 'Editar',
  editOne: (text) => `Editar la nota ${text}`,
  editTitle: 'Editar una nota',
  remove: 'Eliminar',
  removeOne: (text) => `Eliminar la nota ${text}`,
  removeTitle: '¿Eliminar esta nota?',
};

export default text;
