/** The two bundles and how Vite makes them. Called by `build.mjs` and `freeze.mjs`. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The `dashboards/` folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

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
      // The content security policy of the dashboard allows neither inline scripts nor inlined files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
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
