/** Die Seiten vor dem Dashboard: Anmeldung, erstes Passwort, Passwort eines Freigabelinks. */
import type english from '../en/sign_in.ts';
import { counted } from '../plural.ts';

const text: typeof english = {
  failed: 'Etwas ist schiefgegangen. Bitte versuch es noch einmal.',
  wrong: 'Benutzer und Passwort passen nicht zusammen.',
  wrongPassword: 'Das ist nicht das Passwort.',
  tooMany: (seconds) => `Zu viele Versuche. Versuch es in ${counted(seconds, { one: 'Sekunde', other: 'Sekunden' })} wieder.`,
  linkUsed: 'Dieser Link wurde schon benutzt oder ist abgelaufen. Melde dich stattdessen mit deinem Passwort an.',
  user: 'Benutzer',
  password: 'Passwort',
  signIn: 'Anmelden',
  forgot: 'Vergessen? Auf dem Server setzt dies ein neues:',
  welcome: (user) => `Willkommen. Wähle ein Passwort für ${user}.`,
  newPassword: 'Neues Passwort',
  rule: (length) => `Mindestens ${length} Zeichen. Ein paar zufällige Wörter eignen sich gut.`,
  setPassword: 'Passwort setzen und anmelden',
  locked: 'Dieses Dashboard verlangt ein Passwort.',
  open: 'Öffnen',
};

export default text;
