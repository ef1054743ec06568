/** El informe en vivo. */
import type english from '../en/live.ts';
import { counted, plain, plural } from '../plural.ts';

const text: typeof english = {
  title: 'En vivo',
  now: (n) => plural(n, { one: 'visitante ahora', other: 'visitantes ahora' }),
  nowMeaning: 'Visitantes distintos de los últimos cinco minutos',
  views: (n) => `${counted(n, { one: 'página vista', many: 'de páginas vistas', other: 'páginas vistas' })} en los últimos 30 minutos`,
  minutes: 'Páginas vistas por minuto',
  minutesLabel: (n) => `Páginas vistas por minuto, ${plain(n)} en los últimos 30 minutos`,
  minute: 'Minuto',
  thisMinute: 'este minuto',
  pageviews: 'Páginas vistas',
  connecting: 'Conectando…',
  lost: 'Se perdió la conexión; reintentando.',
  on: 'En vivo',
  pages: 'Páginas de hoy',
  sources: 'Fuentes de hoy',
  countries: 'Países de hoy',
  pagesNow: 'Páginas, últimos 30 minutos',
  sourcesNow: 'Fuentes, últimos 30 minutos',
  countriesNow: 'Países, últimos 30 minutos',
  fewNow: 'Nada que compartan suficientes visitantes.',
  nowNote: 'Media hora es a menudo una sola persona: los valores de los últimos 30 minutos aparecen cuando los comparten suficientes visitantes, y se renuevan cada minuto. Debajo está todo el día.',
  nobody: 'No hubo nadie en los últimos 30 minutos.',
  waiting: 'Esperando al primer visitante…',
  paste: 'Pega esta línea en la cabecera de cada página. El primer visitante aparece aquí en segundos, sin recargar.',
};

export default text;
