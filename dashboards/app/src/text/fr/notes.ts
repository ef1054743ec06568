/** Les notes sur la ligne du temps. */
import type english from '../en/notes.ts';

const text: typeof english = {
  title: 'Notes sur la ligne du temps',
  about: 'Elles figurent sur la courbe du trafic, aussi là où elle est partagée.',
  none: 'Pas encore de note.',
  day: 'Jour',
  text: 'Ce qui s’est passé',
  textHint: 'Nouvelle page de tarifs',
  add: 'Ajouter une note',
  save: 'Enregistrer',
  edit: 'Modifier',
  editOne: (text) => `Modifier la note ${text}`,
  editTitle: 'Modifier une note',
  remove: 'Supprimer',
  removeOne: (text) => `Supprimer la note ${text}`,
  removeTitle: 'Supprimer cette note ?',
};

export default text;
