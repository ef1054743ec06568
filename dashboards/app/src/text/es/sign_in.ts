/** Las páginas antes del panel: inicio de sesión, primera contraseña, contraseña de un enlace compartido. */
import type english from '../en/sign_in.ts';
import { counted } from '../plural.ts';

const text: typeof english = {
  failed: 'Algo salió mal. Inténtalo de nuevo.',
  wrong: 'El usuario y la contraseña no coinciden.',
  wrongPassword: 'Esa no es la contraseña.',
  tooMany: (seconds) => `Demasiados intentos. Vuelve a intentarlo en ${counted(seconds, { one: 'segundo', other: 'segundos' })}.`,
  linkUsed: 'Este enlace ya se usó o ha caducado. Inicia sesión con tu contraseña.',
  user: 'Usuario',
  password: 'Contraseña',
  signIn: 'Iniciar sesión',
  forgot: '¿La olvidaste? En el servidor, esto pone una nueva:',
  welcome: (user) => `Te damos la bienvenida. Elige una contraseña para ${user}.`,
  newPassword: 'Contraseña nueva',
  rule: (length) => `Al menos ${length} caracteres. Unas cuantas palabras al azar van bien.`,
  setPassword: 'Guardar la contraseña e iniciar sesión',
  locked: 'Este panel pide una contraseña.',
  open: 'Abrir',
};

export default text;
