/** Les pages avant le tableau de bord : connexion, premier mot de passe, mot de passe d’un lien de partage. */
import type english from '../en/sign_in.ts';
import { counted } from '../plural.ts';

const text: typeof english = {
  failed: 'Un problème est survenu. Veuillez réessayer.',
  wrong: 'L’utilisateur et le mot de passe ne correspondent pas.',
  wrongPassword: 'Ce n’est pas le mot de passe.',
  tooMany: (seconds) => `Trop de tentatives. Réessayez dans ${counted(seconds, { one: 'seconde', other: 'secondes' })}.`,
  linkUsed: 'Ce lien a déjà servi ou a expiré. Connectez-vous plutôt avec votre mot de passe.',
  user: 'Utilisateur',
  password: 'Mot de passe',
  signIn: 'Se connecter',
  forgot: 'Oublié ? Sur le serveur, ceci en définit un nouveau :',
  welcome: (user) => `Bienvenue. Choisissez un mot de passe pour ${user}.`,
  newPassword: 'Nouveau mot de passe',
  rule: (length) => `Au moins ${length} caractères. Quelques mots au hasard conviennent bien.`,
  setPassword: 'Définir le mot de passe et se connecter',
  locked: 'Ce tableau de bord demande un mot de passe.',
  open: 'Ouvrir',
};

export default text;
