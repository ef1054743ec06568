/** Pictures to take along, in the colours of the page: what a canvas or an SVG shows, or a table, below a title. */
import { plain } from '../format/number.ts';
import { nameFor } from '../format/names.ts';
import { dimensionName } from '../text/words.ts';
import { save, type Sheet } from './download.ts';

export interface Caption {
  title: string;
  /** The period, the filter. */
  lines: string[];
}

interface Key {
  text: string;
  color: string;
  dashed: boolean;
}

const FONT = 'system-ui, sans-serif';
const EDGE = 20;
const LINE = 20;
const ROW = 28;
/** Of a table; a picture is no archive. */
const MOST_ROWS = 40;

/** Colours as the browser works them out: a canvas takes no variables. */
function palette(): (token: string) => string {
  return (token) => {
    const probe = document.createElement('i');
    probe.style.color = `var(${token})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}

/** What a canvas or an SVG shows, with its title, its period and its legend. */
export async function savePicture(shown: HTMLCanvasElement | SVGSVGElement, name: string, caption: Caption): Promise<void> {
  const box = shown.getBoundingClientRect();
  // A canvas has the pixels it has: more of them would only be blurred.
  const scale = shown instanceof SVGSVGElement ? 2 : shown.width / box.width;
  const image = shown instanceof SVGSVGElement ? await imageOf(shown) : shown;
  await paint(name, { caption, keys: keysOf(shown), width: box.width, height: box.height, scale }, (pen, top) =>
    pen.drawImage(image, EDGE, top, box.width, box.height),
  );
}

/** A table: names, bars of the first number, numbers. */
export async function saveTable(sheet: Sheet, name: string, caption: Caption): Promise<void> {
  const rows = sheet.rows.slice(0, MOST_ROWS);
  const numbers = sheet.columns.length - 1;
  const width = Math.max(560, 300 + 96 * numbers);
  const height = ROW * (rows.length + 1);
  await paint(name, { caption, keys: [], width, height, scale: 2 }, (pen, top) => {
    const color = palette();
    const [ink, soft, bar] = [color('--ink'), color('--soft'), color('--accent-bar')];
    const names = width - 96 * numbers;
    const most = Math.max(...rows.map(([, first]) => Number(first) || 0), Number.MIN_VALUE);
    const line = (cells: readonly (string | number)[], y: number, tone: string, font: string) => {
      pen.fillStyle = tone;
      pen.font = font;
      cells.forEach((cell, i) => {
        pen.textAlign = i === 0 ? 'left' : 'right';
        const text = typeof cell === 'number' ? plain(cell) : cell;
        pen.fillText(i === 0 ? fitting(pen, text, names - 16) : fitting(pen, text, 92), EDGE + (i === 0 ? 8 : names + 96 * i), y + ROW / 2);
      });
    };
    const [first = '', ...others] = sheet.columns;
    line([dimensionName(first), ...others], top, soft, `12px ${FONT}`);
    rows.forEach(([value = '', ...cells], i) => {
      const y = top + ROW * (i + 1);
      pen.fillStyle = bar;
      pen.beginPath();
      pen.roundRect(EDGE, y + 2, Math.max(2, (names * (Number(cells[0]) || 0)) / most), ROW - 4, 4);
      pen.fill();
      line([nameFor(first, String(value)).text, ...cells], y, ink, `14px ${FONT}`);
    });
  });
}

interface Frame {
  caption: Caption;
  keys: readonly Key[];
  width: number;
  height: number;
  scale: number;
}

/** Paints the ground, the caption and the legend, then what stands below them, and saves it. */
async function paint(name: string, { caption, keys, width, height, scale }: Frame, draw: (pen: CanvasRenderingContext2D, top: number) => void): Promise<void> {
  const top = EDGE + 28 + LINE * (caption.lines.length + (keys.length > 0 ? 1 : 0)) + 8;
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * EDGE) * scale;
  canvas.height = (top + height + EDGE) * scale;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const color = palette();
  pen.scale(scale, scale);
  pen.textBaseline = 'middle';
  pen.fillStyle = color('--card');
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = color('--ink');
  pen.font = `600 18px ${FONT}`;
  pen.fillText(fitting(pen, caption.title, width), EDGE, EDGE + 10);
  pen.fillStyle = color('--soft');
  pen.font = `13px ${FONT}`;
  caption.lines.forEach((line, i) => pen.fillText(fitting(pen, line, width), EDGE, EDGE + 28 + LINE * i + LINE / 2));
  legend(pen, keys, top - 8 - LINE / 2);
  draw(pen, top);
  const content = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (content) save(content, `${name}.png`);
}

function legend(pen: CanvasRenderingContext2D, keys: readonly Key[], y: number): void {
  let x = EDGE;
  for (const { text, color, dashed } of keys) {
    pen.strokeStyle = color;
    pen.lineWidth = 2;
    pen.setLineDash(dashed ? [4, 3] : []);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + 16, y);
    pen.stroke();
    pen.fillText(text, x + 22, y);
    x += 22 + pen.measureText(text).width + 20;
  }
  pen.setLineDash([]);
}

/** The legend that stands beside a picture. */
function keysOf(shown: Element): Key[] {
  const found = shown.closest('figure, .card')?.querySelectorAll('.legend .key') ?? [];
  return [...found].map((key) => {
    const { borderTopColor, borderTopStyle } = getComputedStyle(key, '::before');
    return { text: key.textContent ?? '', color: borderTopColor, dashed: borderTopStyle === 'dashed' };
  });
}

/** The text, or as much of it as there is room for. */
function fitting(pen: CanvasRenderingContext2D, text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 1 && pen.measureText(`${text.slice(0, end)}…`).width > room) end -= 1;
  return `${text.slice(0, end)}…`;
}

const PAINT = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'fill-opacity', 'font', 'text-anchor'];

/** Style sheets do not reach into an image: the computed paint goes along with each element. */
async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [svg.querySelectorAll<SVGElement>('*'), copy.querySelectorAll<SVGElement>('*')];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of PAINT) to[i]?.style.setProperty(name, style.getPropertyValue(name));
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}
