/** El informe de recorridos. */
import type english from '../en/journeys.ts';
import { counted, plural } from '../plural.ts';

const visits = (n: number): string => counted(n, { one: 'visita', many: 'de visitas', other: 'visitas' });

const text: typeof english = {
  title: 'Recorridos',
  flow: 'De la primera a la tercera página de una visita',
  ways: 'Qué caminos',
  allWays: 'Todas las visitas',
  starting: (page) => `Desde ${page}`,
  leading: (page) => `Hasta ${page}`,
  columns: ['Primera página', 'Segunda página', 'Tercera página'],
  visits,
  morePages: (n) => counted(n, { one: 'página más', other: 'páginas más' }),
  link: (from, to, n) => `${from} → ${to}: ${visits(n)}`,
  said: (pages) => `Caminos de las visitas, de la primera a la tercera página. La mayoría empieza en ${pages}.`,
  rare: (n) => `${visits(n)} de más de una página ${plural(n, { one: 'siguió', other: 'siguieron' })} caminos que comparten muy pocos visitantes para mostrarse.`,
  drawRare: 'Dibujarlos como «Otros»',
  onlyRare: 'Todos los caminos eran demasiado raros para mostrarse. Solo se guardan los que suficientes visitantes comparten en un día.',
  first: 'Primera → segunda página',
  second: 'Segunda → tercera página',
  from: 'De',
  to: 'A',
  times: 'Veces',
  page: 'Página',
  around: 'Alrededor de una página',
  after: (page) => `Después de ${page}`,
  before: (page) => `Antes de ${page}`,
  afterNote: 'Otros: páginas a las que fueron muy pocos visitantes, y la misma página otra vez. Las visitas que acabaron aquí no están.',
  beforeNote: 'Otros: páginas de las que vinieron muy pocos visitantes, y la misma página otra vez. Las visitas que empezaron aquí no están.',
  noAfter: 'Nada siguió a esta página en este período.',
  noBefore: 'Nada precedió a esta página en este período.',
  choose: 'Mostrar qué viene antes y después de esta página',
  notFiltered: 'Los recorridos se cuentan en conjunto: el filtro no cambia nada aquí.',
  none: 'Ninguna visita de más de una página en este período',
  noneWhy: 'Un recorrido es un par: una página y la que se mira después en la misma visita. No hay que configurar nada. El rastreador cuenta por sí solo las páginas y las vistas de aplicaciones de una sola página:',
  noneApps: 'Una app envía sus pantallas, con un identificador que vale un día:',
};

export default text;
