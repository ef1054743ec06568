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

/** Offers a file to be kept. */
export function save(content: Blob, name: string): void {
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
