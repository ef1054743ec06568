/** The budgets of what visitors download. A build over budget fails. */
import { gzipSync } from 'node:zlib';

/**
 * Bytes after gzip. The tracker's is a promise to every page that carries it, the cohorts' comes on top for sites that
 * ask for them; the app's is what the first view of a site needs, scripts and styles: the frame, the traffic, the curve.
 */
export const budgets = { tracker: 1_500, cohorts: 500, app: 75 * 1024 };

/**
 * @param {string | Uint8Array} content
 * @returns {number} bytes after gzip at its best level
 */
export const gzipSize = (content) => gzipSync(content, { level: 9 }).length;

/**
 * @param {keyof typeof budgets} what
 * @param {(string | Uint8Array)[]} files
 * @param {string} [variety] said beside the name
 */
export function assertBudget(what, files, variety = '') {
  const size = files.reduce((sum, file) => sum + gzipSize(file), 0);
  const line = `${what}${variety && ` (${variety})`}: ${size} of ${budgets[what]} bytes gzipped`;
  if (size > budgets[what]) throw new Error(`over budget: ${line}`);
  process.stdout.write(`${line}\n`);
}
