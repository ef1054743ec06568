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
 * Builds the tracker and returns its text; nothing is written.
 * @returns {Promise<string>}
 */
export async function buildTracker() {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    root: `${root}tracker`,
    build: {
      write: false,
      // What every browser of the last five years reads as it is; older ones run into the parser and are not counted.
      target: 'es2020',
      rolldownOptions: {
        input: `${root}tracker/src/hc.ts`,
        output: { format: 'iife', entryFileNames: 'hc.js' },
      },
    },
  });
  const { output } = /** @type {{output: {code: string}[]}} */ (Array.isArray(result) ? result[0] : result);
  if (output?.length !== 1) throw new Error('the tracker must be one file');
  return output[0]?.code.trim() ?? '';
}
