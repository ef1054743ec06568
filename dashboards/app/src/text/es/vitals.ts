/** El informe de métricas web esenciales. */
import type english from '../en/vitals.ts';
import { counted } from '../plural.ts';

const text: typeof english = {
  title: 'Métricas web esenciales',
  names: {
    LCP: 'Largest Contentful Paint',
    INP: 'Interaction to Next Paint',
    CLS: 'Cumulative Layout Shift',
    FCP: 'First Contentful Paint',
    TTFB: 'Time to First Byte',
  },
  meanings: {
    LCP: 'Cuánto tardó en estar la parte más grande de la página.',
    INP: 'Cuánto tardó la página en responder a lo que se hizo.',
    CLS: 'Cuánto se movieron las cosas mientras se miraba.',
    FCP: 'Cuánto tardó en haber algo.',
    TTFB: 'Cuánto tardó en empezar la respuesta del servidor.',
  },
  ratings: { good: 'Bueno', fair: 'Mejorable', poor: 'Deficiente' },
  percentile: 'El 75 % de las páginas vistas no supera este valor',
  of: (good, poor) => `Bueno hasta ${good}, deficiente por encima de ${poor}`,
  samples: (n) => counted(n, { one: 'página vista', many: 'de páginas vistas', other: 'páginas vistas' }),
  samplesLabel: 'Medido',
  shares: (name) => `${name}: partes de las páginas vistas`,
  shareOf: (rating, share) => `${rating}: ${share}`,
  histogram: (name) => `${name}: páginas vistas por valor`,
  histogramTable: 'Distribución como tabla',
  value: 'Valor',
  overTime: (name) => `${name}, p75 a lo largo del tiempo`,
  pages: 'p75 por página',
  pagesTable: 'Páginas y sus métricas',
  pagesMeaning: 'Páginas vistas que informaron, de la métrica con más de ellas',
  allPages: (n) => `Mostrar las ${n} páginas`,
  noPages: 'Ninguna página tiene un valor que compartan suficientes visitantes en un día.',
  foldedPages: 'Los valores de una página que comparten muy pocos visitantes en un día se omiten, primero los raros: con pocas vistas, una página parece mejor de lo que es. Haz clic en una página para verla sola.',
  notMeasured: 'Sin medir',
  devices: 'Dispositivos',
  all: 'Todos los dispositivos',
  oneValue: 'Las métricas se filtran por un solo valor: este filtro se deja de lado aquí.',
  rights: 'Los percentiles salen de recuentos por intervalo, cuatro intervalos por duplicación: exactos a un quinto en el peor de los casos. No se guarda ningún valor suelto.',
  when: 'Cada navegador informa una vez por carga, al abandonar la página.',
  about: 'Sobre estas cifras',
  turnedOn: 'Medido en páginas cuyo rastreador lleva data-vitals:',
  none: 'Aún no hay métricas',
  noneWhy: 'El rastreador mide lo rápido que las páginas aparecen y responden cuando se le pide: añade data-vitals a su etiqueta script. A los visitantes no les cuesta nada, y no se guarda ninguna medición suelta.',
  noneUnder: 'No hay métricas bajo este filtro: de un par de métrica y filtro no se muestran los grupos de muy pocos visitantes.',
};

export default text;
