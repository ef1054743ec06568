/** The curve itself, drawn by uPlot. Loaded on its own, because the sign-in page does not need it. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { splitOpen, type Series } from '../data/series.ts';
import { tick, title } from '../format/date.ts';
import { exact, short } from '../format/number.ts';

export interface Plot {
  show(series: Series): void;
  destroy(): void;
}

const STEPS = [1, 2, 3, 4, 6, 7, 8, 12, 14, 21, 28, 56, 84];
const FONT = '12px system-ui, sans-serif';

/** Creates an empty curve that fills its box, in the colours of the page's theme. */
export function createPlot(box: HTMLElement, locale: string): Plot {
  let shown: Series | undefined;
  const plot = new uPlot(options(box, locale, () => shown), [[], [], [], [], []], box);
  const resize = new ResizeObserver(() => plot.setSize(sizeOf(box)));
  resize.observe(box);

  return {
    show(series) {
      shown = series;
      const [views, runningViews] = splitOpen(series.pageviews, series.open);
      const [visitors, runningVisitors] = splitOpen(series.visitors, series.open);
      plot.setData([series.labels.map((_, i) => i), views, runningViews, visitors, runningVisitors]);
    },
    destroy() {
      resize.disconnect();
      plot.destroy();
    },
  };
}

const sizeOf = (box: HTMLElement) => ({ width: box.clientWidth, height: box.clientHeight });

function options(box: HTMLElement, locale: string, shown: () => Series | undefined): uPlot.Options {
  const color = (name: string): string => getComputedStyle(box).getPropertyValue(name).trim();
  const grid = { stroke: color('--line'), width: 1 };
  const [accent, second] = [color('--accent'), color('--second')];
  const label = (index: number): string => {
    const series = shown();
    return series?.labels[index] ? tick(series.bucket, series.labels[index], locale) : '';
  };
  return {
    ...sizeOf(box),
    legend: { show: false },
    padding: [8, 26, 0, 0],
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
      {
        stroke: color('--soft'),
        font: FONT,
        grid: { show: false },
        ticks: { ...grid, size: 4 },
        incrs: STEPS,
        space: 76,
        size: 30,
        values: (_, splits) => splits.map(label),
      },
      {
        stroke: color('--soft'),
        font: FONT,
        grid,
        ticks: { show: false },
        size: 48,
        space: 44,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 1e8, 1e9],
        values: (_, splits) => splits.map((value) => short(value, locale)),
      },
    ],
    series: [{}, line(second, 1.5), dashed(second, 1.5), { ...line(accent, 2), fill: color('--accent-area') }, dashed(accent, 2)],
    plugins: [tooltip(locale, shown)],
  };
}

/** A curve keeps single points visible, so that a day with no neighbour is not lost. */
const line = (stroke: string, width: number): uPlot.Series => ({
  stroke,
  width,
  points: { show: (plot) => plot.data[0].length < 3, size: 6, fill: stroke },
});

const dashed = (stroke: string, width: number): uPlot.Series => ({ ...line(stroke, width), dash: [4, 4] });

function tooltip(locale: string, shown: () => Series | undefined): uPlot.Plugin {
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  const lineOf = (name: string, text: string) => {
    const element = document.createElement('span');
    element.className = name;
    element.textContent = text;
    return element;
  };
  const move = (plot: uPlot) => {
    const series = shown();
    const index = plot.cursor.idx ?? -1;
    const text = series?.labels[index];
    tip.hidden = !series || text === undefined;
    if (!series || text === undefined) return;
    tip.replaceChildren(
      lineOf('when', title(series.bucket, text, locale)),
      lineOf('key visitors', `${exact(series.visitors[index] ?? 0, locale)} visitors`),
      lineOf('key pageviews', `${exact(series.pageviews[index] ?? 0, locale)} pageviews`),
    );
    const left = plot.valToPos(index, 'x');
    const flip = left > plot.over.clientWidth / 2;
    tip.style.transform = `translateX(calc(${left}px ${flip ? '- 100% - 10px' : '+ 10px'}))`;
  };
  return {
    hooks: {
      init: (plot) => void plot.over.append(tip),
      setCursor: move,
      setData: (plot) => move(plot),
    },
  };
}
