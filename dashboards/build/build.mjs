/** `npm run build`: everything the collector serves, into `dist/`. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { compressBelow, filesBelow } from './compress.mjs';
import { assertBudget } from './sizes.mjs';
import { buildApp, buildTracker, root } from './targets.mjs';

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
const scripts = (await filesBelow(`${dist}/app`)).filter((path) => path.endsWith('.js'));
assertBudget('app', await Promise.all(scripts.map((path) => readFile(path))));
await compressBelow(dist);
