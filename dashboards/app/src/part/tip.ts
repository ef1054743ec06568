/** What stands beside the pointer on a curve: the bucket, every line's number, the notes of the day. */
import type uPlot from 'uplot';
import { title } from '../format/date.ts';
import { change, exactly } from '../format/number.ts';
import { notesOf, type Curve } from './curve.ts';

function element(name: string, text: string): HTMLElement {
  const made = document.createElement('span');
  made.className = name;
  made.textContent = text;
  return made;
}

function linesOf(curve: Curve, index: number): HTMLElement[] {
  const said = [element('when', title(curve.bucket, curve.labels[index] ?? ''))];
  for (const { name, values, look } of curve.lines.toReversed()) {
    const value = values[index];
    if (typeof value !== 'number') continue;
    const before = look === 'before' && curve.before?.[index] ? `${title(curve.bucket, curve.before[index])}` : name;
    said.push(element(`key look-${look}`, `${before}: ${exactly(curve.measure, value, curve.currency)}`));
  }
  const [now, then] = [curve.lines.find(({ look }) => look === 'main'), curve.lines.find(({ look }) => look === 'before')];
  const base = then?.values[index];
  if (now && base) said.push(element('when', change((100 * ((now.values[index] ?? 0) - base)) / base)));
  for (const { text } of notesOf(curve, index)) said.push(element('noted', text));
  return said;
}

export function tooltip(shown: () => Curve): uPlot.Plugin {
  const tip = element('tip', '');
  tip.hidden = true;
  const move = (plot: uPlot) => {
    const curve = shown();
    const index = plot.cursor.idx ?? -1;
    tip.hidden = curve.labels[index] === undefined;
    if (tip.hidden) return;
    tip.replaceChildren(...linesOf(curve, index));
    const left = plot.valToPos(index, 'x');
    const flip = left > plot.over.clientWidth / 2;
    tip.style.transform = `translateX(calc(${left}px ${flip ? '- 100% - 10px' : '+ 10px'}))`;
  };
  return { hooks: { init: (plot) => void plot.over.append(tip), setCursor: move, setData: move } };
}
