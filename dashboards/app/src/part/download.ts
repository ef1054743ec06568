/** Files made in the browser from what is shown. */

/** A table as text: names of columns, then rows. */
export interface Sheet {
  columns: string[];
  rows: (string | number)[][];
}

const quoted = (cell: string | number): string => {
  const text = String(cell);
  // A text that a spreadsheet would take for a formula is made a plain text.
  const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** RFC 4180. */
export const csvOf = ({ columns, rows }: Sheet): string =>
  [columns, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n') + '\r\n';

function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The byte order mark makes spreadsheets read UTF-8. */
export const saveCsv = (sheet: Sheet, name: string): void =>
  save(new Blob(['\uFEFF', csvOf(sheet)], { type: 'text/csv' }), `${name}.csv`);

/** The picture a canvas or an SVG shows, on the colour of the page. */
export async function savePng(shown: HTMLCanvasElement | SVGSVGElement, name: string): Promise<void> {
  const canvas = document.createElement('canvas');
  const box = shown.getBoundingClientRect();
  const scale = 2;
  canvas.width = box.width * scale;
  canvas.height = box.height * scale;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.fillStyle = getComputedStyle(shown.closest('.card') ?? document.body).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(shown instanceof SVGSVGElement ? await imageOf(shown) : shown, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((content) => content && save(content, `${name}.png`));
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
