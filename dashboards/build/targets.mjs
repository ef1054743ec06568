/** The two bundles and how Vite makes them. Called by `build.mjs` and `freeze.mjs`. */
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The `dashboards/` folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Modules that every view has. The curve, forms, pictures and windows wait until they are asked for. */
const FRAME = /\/app\/src\/(api|format|state)\/|\/app\/src\/part\/(?!plot|tip|picture|form\/|notes\/|DetailsDialog)|\/app\/src\/text\/(\w+\.ts|en\/(shell|words)\.ts)|\/node_modules\/(@?preact)\//;

/** Builds the dashboard into `dist/app/`; the file names under `assets/` carry a hash of their content. */
export async function buildApp() {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: `${root}app`,
    publicDir: `${root}app/public`,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: `${root}dist/app`,
      emptyOutDir: true,
      target: 'es2022',
      // Those that know `light-dark()`: the colours of both themes are written once.
      cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
      manifest: 'files.json',
      // The content security policy of the dashboard allows neither inline scripts nor inlined files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: {
          // What the first view needs of the shared modules is one file: it packs better than a dozen, and asks once.
          codeSplitting: { groups: [{ name: 'frame', test: FRAME }] },
        },
      },
    },
  });
}

/** What the first view of a site loads besides the entry; the rest waits until it is asked for. */
const FIRST_VIEW = ['index.html', 'src/report/traffic/Report.tsx', 'src/part/plot.ts'];
/** The strings of that view, in a language that does not come with the scripts. */
const FIRST_TEXTS = ['shell', 'words', 'problems', 'traffic'];

/**
 * The scripts and styles that the first view of a site needs, by language. Reads the list the build left and removes it.
 * @param {string} folder
 * @returns {Promise<[language: string, files: string[]][]>}
 */
export async function firstViews(folder) {
  const list = `${folder}/files.json`;
  /** @type {Record<string, { file: string, css?: string[], imports?: string[] }>} */
  const files = JSON.parse(await readFile(list, 'utf8'));
  await rm(list);
  /** @param {string[]} names @returns {string[]} */
  const needs = (names) =>
    names.flatMap((name) => {
      const file = files[name];
      if (!file) throw new Error(`${name} is not built on its own`);
      return [...[file.file, ...(file.css ?? [])].map((path) => `${folder}/${path}`), ...needs(file.imports ?? [])];
    });
  const languages = [...new Set(Object.keys(files).flatMap((name) => /^src\/text\/(\w+)\//.exec(name)?.[1] ?? []))];
  const texts = (/** @type {string} */ language) => FIRST_TEXTS.map((name) => `src/text/${language}/${name}.ts`);
  return [
    ['en', [...new Set(needs(FIRST_VIEW))]],
    ...languages.map((of) => /** @type {[string, string[]]} */ ([of, [...new Set(needs([...FIRST_VIEW, ...texts(of)]))]])),
  ];
}

/**
 * Builds the tracker, which is one file, and what `data-cohorts` adds to it; nothing is written.
 * @returns {Promise<{ tracker: string, cohorts: string }>} the texts of `hc.js` and `hc.cohorts.js`
 */
export async function buildTracker() {
  const [tracker, cohorts] = await Promise.all([bundle('hc.ts', 'iife'), bundle('cohorts.ts', 'es')]);
  return { tracker, cohorts };
}

/**
 * @param {string} entry
 * @param {'iife' | 'es'} format
 */
async function bundle(entry, format) {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    root: `${root}tracker`,
    build: {
      write: false,
      // What every browser of the last five years reads as it is; older ones run into the parser and are not counted.
      target: 'es2020',
      rolldownOptions: {
        input: `${root}tracker/src/${entry}`,
        preserveEntrySignatures: 'strict',
        output: { format, minify: true },
      },
    },
  });
  const { output } = /** @type {{output: {code: string}[]}} */ (Array.isArray(result) ? result[0] : result);
  if (output?.length !== 1) throw new Error(`${entry} must become one file`);
  return output[0]?.code.trim() ?? '';
}
