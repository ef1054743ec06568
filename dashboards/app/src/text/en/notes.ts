/** Notes on the time line. */
const notes = {
  title: 'Notes on the time line',
  about: 'They stand on the curve of Traffic, also where it is shared.',
  none: 'No note yet.',
  day: 'Day',
  text: 'What happened',
  textHint: 'New pricing page',
  add: 'Add a note',
  save: 'Save',
  edit: 'Edit',
  editOne: (text: string) => `Edit the note ${text}`,
  editTitle: 'Edit a note',
  remove: 'Remove',
  removeOne: (text: string) => `Remove the note ${text}`,
  removeTitle: 'Remove this note?',
};

export default notes;
