/** `npm run freeze -- v1`: writes today's tracker as a released version. See `tracker/released/README.md`. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { assertBudget } from './sizes.mjs';
import { buildTracker, root } from './targets.mjs';

const [version, force] = process.argv.slice(2);
if (!version || !/^v[1-9]\d*$/.test(version)) throw new Error('usage: npm run freeze -- v1 [--again]');

const path = `${root}tracker/released/hc.${version}.js`;
if (existsSync(path) && force !== '--again') {
  throw new Error(`${version} is frozen: browsers hold it for a year. Freeze the next version instead.`);
}
const { tracker, cohorts } = await buildTracker();
assertBudget('tracker', [tracker]);
assertBudget('cohorts', [cohorts]);
await writeFile(path, tracker);
await writeFile(`${root}tracker/released/hc.${version}.cohorts.js`, cohorts);
