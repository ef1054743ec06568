/** Curves drawn by uPlot. Loaded on its own, because not every page has one. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { tick } from '../format/date.ts';
import { onAxis } from '../format/number.ts';
import { notesOf, splitOpen, type Curve, type Line } from './curve.ts';
import { tooltip } from './tip.ts';

/** Where a bucket that has notes stands. */
export interface Place {
  index: number;
  /** In pixels of the box. */
  left: number;
}

export interface Plot {
  show(curve: Curve): void;
  /** Puts the pointer's line, and what stands beside it, on a bucket; nothing: away. */
  point(index?: number): void;
  /** The bucket under the pointer. */
  pointed(): number | undefined;
  destroy(): void;
}

const STEPS = [1, 2, 3, 4, 6, 7, 8, 12, 14, 21, 28, 56, 84, 168];
const AMOUNTS = [1, 2, 5].flatMap((step) => [-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((power) => step * 10 ** power)).sort((a, b) => a - b);
/** Whole minutes and hours read better than 100 seconds. */
const TIMES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000];
const FONT = '12px system-ui, sans-serif';

/** What must stay the same for new numbers to be put into an old picture. */
const shapeOf = ({ lines, measure, bucket }: Curve): string => JSON.stringify([lines.map(({ look }) => look), measure, bucket]);

/** A picture that fills its box, in the colours of the page's theme. `placed` hears where notes stand. */
export function createPlot(box: HTMLElement, placed: (places: readonly Place[]) => void): Plot {
  let shown: Curve | undefined;
  let plot: uPlot | undefined;
  const resize = new ResizeObserver(() => plot?.setSize(sizeOf(box)));
  resize.observe(box);

  return {
    show(curve) {
      const anew = !shown || shapeOf(shown) !== shapeOf(curve);
      shown = curve;
      const columns = curve.lines.flatMap((line) =>
        line.look === 'before' ? [line.values] : splitOpen(line.values, curve.open),
      );
      const data = [curve.labels.map((_, i) => i), ...columns] as uPlot.AlignedData;
      if (anew) {
        plot?.destroy();
        plot = new uPlot(options(box, curve, { shown: () => shown!, placed }), data, box);
      } else {
        plot?.setData(data);
      }
    },
    point(index) {
      plot?.setCursor(index === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(index, 'x'), top: 10 });
    },
    pointed: () => plot?.cursor.idx ?? undefined,
    destroy() {
      resize.disconnect();
      plot?.destroy();
    },
  };
}

/** Of the labels beside the curve, and at least what most of them need: so the curve seldom begins elsewhere. */
function widthOf({ ctx }: uPlot, labels: readonly string[] | null): number {
  ctx.save();
  ctx.font = FONT;
  const widest = Math.max(0, ...(labels ?? []).map((label) => ctx.measureText(label).width));
  ctx.restore();
  return Math.max(56, Math.ceil(widest) + 14);
}

const sizeOf = (box: HTMLElement) => ({ width: box.clientWidth, height: box.clientHeight });

/** A canvas takes no variables and no `light-dark()`: the browser works a token out as the colour of an element. */
function palette(box: HTMLElement): (token: string) => string {
  return (token) => {
    const probe = document.createElement('i');
    probe.style.color = `var(${token})`;
    box.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}

interface Around {
  shown: () => Curve;
  placed: (places: readonly Place[]) => void;
}

function options(box: HTMLElement, curve: Curve, { shown, placed }: Around): uPlot.Options {
  const color = palette(box);
  const grid = { stroke: color('--line'), width: 1 };
  const label = (index: number): string => {
    const { labels, bucket } = shown();
    return labels[index] === undefined ? '' : tick(bucket, labels[index]);
  };
  const isTime = curve.measure === 'visit_duration' || curve.measure === 'time_on_page';
  return {
    ...sizeOf(box),
    legend: { show: false },
    padding: [10, 26, 0, 0],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 8 },
      // The line stands on a bucket, never between two.
      move: (plot, left, top) => (left < 0 ? [left, top] : [plot.valToPos(plot.posToIdx(left), 'x'), top]),
    },
    scales: {
      x: { time: false, range: (_, min, max) => (min === max ? [min - 1, max + 1] : [min, max]) },
      y: { range: (_, __, max) => [0, Math.max(4, (max ?? 0) * 1.08)] },
    },
    axes: [
      { stroke: color('--soft'), font: FONT, grid: { show: false }, ticks: { ...grid, size: 4 }, incrs: STEPS, space: 76, size: 30, values: (_, splits) => splits.map(label) },
      {
        stroke: color('--soft'),
        font: FONT,
        grid,
        ticks: { show: false },
        size: widthOf,
        space: 44,
        incrs: isTime ? TIMES : AMOUNTS,
        values: (_, splits) => splits.map((value) => onAxis(curve.measure, value, shown().currency)),
      },
    ],
    series: [{}, ...curve.lines.flatMap((line) => seriesOf(line, curve.lines.length, color))],
    hooks: { draw: [(plot) => placed(drawNotes(plot, shown(), color('--soft')))] },
    plugins: [tooltip(shown)],
  };
}

function seriesOf({ look }: Line, count: number, color: (token: string) => string): uPlot.Series[] {
  if (look === 'before') return [stroke(color('--faint'), 1.5)];
  const tone = color(look === 'main' ? '--accent' : `--line-${look}`);
  const area = look === 'main' && count <= 2 ? { fill: color('--accent-area') } : {};
  return [{ ...stroke(tone, 2), ...area }, { ...stroke(tone, 2), dash: [4, 4] }];
}

/** A curve keeps single points visible, so that a day with no neighbour is not lost. */
const stroke = (color: string, width: number): uPlot.Series => ({
  stroke: color,
  width,
  points: { show: (plot) => plot.data[0].length < 3, size: 6, fill: color },
});

/** A thin line and a dot on every bucket that has a note. */
function drawNotes(plot: uPlot, curve: Curve, color: string): Place[] {
  const places: Place[] = [];
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.setLineDash([2, 3]);
  curve.labels.forEach((_, i) => {
    if (notesOf(curve, i).length === 0) return;
    const x = Math.round(plot.valToPos(i, 'x', true));
    places.push({ index: i, left: x / devicePixelRatio });
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x, bbox.top, 3 * devicePixelRatio, 0, 7);
    ctx.fill();
  });
  ctx.restore();
  return places;
}
