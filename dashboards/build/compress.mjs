/** Writes a `.br` and a `.gz` beside every file that shrinks, so that the server never compresses at run time. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const COMPRESSIBLE = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt']);

/**
 * Every file below a folder, in a fixed order.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** @param {string} folder */
export async function compressBelow(folder) {
  for (const path of await filesBelow(folder)) {
    if (!COMPRESSIBLE.has(extname(path))) continue;
    const content = await readFile(path);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    await keepIfSmaller(`${path}.br`, brotliCompressSync(content, { params }), content);
    await keepIfSmaller(`${path}.gz`, gzipSync(content, { level: 9 }), content);
  }
}

/**
 * @param {string} path
 * @param {Buffer} packed
 * @param {Buffer} content
 */
async function keepIfSmaller(path, packed, content) {
  if (packed.length < content.length) await writeFile(path, packed);
}
