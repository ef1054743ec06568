/** The pages before the dashboard: sign-in, the first password, a share link's password. */
import { counted } from '../plural.ts';

const signIn = {
  failed: 'Something went wrong. Please try again.',
  wrong: 'User and password do not match.',
  wrongPassword: 'This is not the password.',
  tooMany: (seconds: number) => `Too many attempts. Try again in ${counted(seconds, { one: 'second', other: 'seconds' })}.`,
  linkUsed: 'This link was used or has expired. Sign in with your password instead.',
  user: 'User',
  password: 'Password',
  signIn: 'Sign in',
  forgot: 'Forgot it? On the server, this sets a new one:',
  welcome: (user: string) => `Welcome. Choose a password for ${user}.`,
  newPassword: 'New password',
  rule: (length: number) => `At least ${length} characters. A few random words do well.`,
  setPassword: 'Set password and sign in',
  locked: 'This dashboard asks for a password.',
  open: 'Open',
};

export default signIn;
