/** El formulario de un sitio nuevo. */
import type english from '../en/sites.ts';

const text: typeof english = {
  add: 'Añadir un sitio',
  id: 'Nombre del sitio',
  idHint: 'example.org',
  idNote: 'Lo que envían sus páginas; no se cambia después. El nombre de host va bien: letras, cifras, puntos, guiones.',
  domains: 'Hosts que pueden enviar (opcional)',
  domainsNote: 'Cada uno con sus subdominios. Vacío: un nombre que es un host se acepta a sí mismo, cualquier otro acepta todos.',
  timezone: 'Zona horaria',
  timezoneNote: 'Donde empiezan sus días.',
};

export default text;
