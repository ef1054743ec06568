/** `npm run build`: everything the collector serves, into `dist/`. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { compressBelow } from './compress.mjs';
import { assertBudget } from './sizes.mjs';
import { buildApp, buildTracker, firstViews, root } from './targets.mjs';

const dist = `${root}dist`;
await rm(dist, { recursive: true, force: true });

const { tracker, cohorts } = await buildTracker();
await mkdir(`${dist}/tracker`, { recursive: true });
await writeFile(`${dist}/tracker/hc.js`, tracker);
await writeFile(`${dist}/tracker/hc.cohorts.js`, cohorts);
await cp(`${root}tracker/released`, `${dist}/tracker`, { recursive: true, filter: (path) => !path.endsWith('.md') });
await cp(`${root}demo`, `${dist}/demo`, { recursive: true });
await buildApp();

assertBudget('tracker', [tracker]);
assertBudget('cohorts', [cohorts]);
for (const [language, files] of await firstViews(`${dist}/app`)) {
  assertBudget('app', await Promise.all(files.map((path) => readFile(path))), language);
}
await compressBelow(dist);
