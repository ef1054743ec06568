/** Notizen auf der Zeitachse. */
import type english from '../en/notes.ts';

const text: typeof english = {
  title: 'Notizen auf der Zeitachse',
  about: 'Sie stehen auf der Kurve des Traffics, auch wo sie geteilt wird.',
  none: 'Noch keine Notiz.',
  day: 'Tag',
  text: 'Was geschah',
  textHint: 'Neue Preisseite',
  add: 'Notiz hinzufügen',
  save: 'Speichern',
  edit: 'Bearbeiten',
  editOne: (text) => `Notiz ${text} bearbeiten`,
  editTitle: 'Notiz bearbeiten',
  remove: 'Entfernen',
  removeOne: (text) => `Notiz ${text} entfernen`,
  removeTitle: 'Diese Notiz entfernen?',
};

export default text;
