/**
 * `npm run api`: the TypeScript shapes of the API's documents, from the server's OpenAPI document. The document is the
 * snapshot that the Rust tests hold against the running server; a unit test holds the written file against it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { root } from './targets.mjs';

const SNAPSHOT = `${root}../src/api/tests/snapshots/headcount__api__tests__described__openapi.snap`;
export const TARGET = `${root}app/src/api/schema.ts`;

/**
 * A schema of OpenAPI 3.1, as far as ours go.
 * @typedef {{ $ref?: string, allOf?: Schema[], type?: string | string[], enum?: unknown[], oneOf?: Schema[], items?: Schema,
 *   properties?: Record<string, Schema>, required?: string[], additionalProperties?: boolean | Schema,
 *   description?: string }} Schema
 */

/** @param {string} text */
const comment = (text) => `/** ${text.trim().replaceAll(/\s*\n\s*/g, ' ').replaceAll('*/', '* /')} */`;

/**
 * @param {Schema} schema
 * @param {string} indent
 * @returns {string} a TypeScript type
 */
function typeOf(schema, indent) {
  if (schema.$ref) return schema.$ref.split('/').pop() ?? 'unknown';
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.oneOf) return schema.oneOf.map((one) => typeOf(one, indent)).join(' | ');
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return 'unknown';
  return types.map((type) => plain(type, schema, indent)).join(' | ');
}

/**
 * @param {string} type
 * @param {Schema} schema
 * @param {string} indent
 */
function plain(type, schema, indent) {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') {
    const item = typeOf(schema.items ?? {}, indent);
    return /[|{ ]/.test(item) ? `(${item})[]` : `${item}[]`;
  }
  if (type !== 'object') return type;
  if (schema.properties) return objectOf(schema, indent);
  const values = schema.additionalProperties;
  return `Record<string, ${typeof values === 'object' ? typeOf(values, indent) : 'unknown'}>`;
}

/**
 * @param {Schema} schema
 * @param {string} indent
 */
function objectOf(schema, indent) {
  const required = new Set(schema.required);
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = /^[\w$]+$/.test(name) ? name : JSON.stringify(name);
    const line = `${inner}${key}${required.has(name) ? '' : '?'}: ${typeOf(property, inner)};`;
    return property.description ? [inner + comment(property.description), line] : [line];
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

/**
 * What one schema adds to others.
 * @param {Schema[]} parts
 */
function extended(parts) {
  const named = parts.filter(({ $ref }) => $ref).map((part) => typeOf(part, ''));
  return `extends ${named.join(', ')} ${parts.filter(({ $ref }) => !$ref).map((part) => objectOf(part, '')).join('')}`;
}

/** @returns {Promise<string>} the whole file, as it should be */
export async function apiTypes() {
  const snapshot = await readFile(SNAPSHOT, 'utf8');
  const document = JSON.parse(snapshot.slice(snapshot.indexOf('\n{') + 1));
  /** @type {Record<string, Schema>} */
  const schemas = document.components.schemas;
  const parts = Object.entries(schemas)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => {
      const head = schema.description ? `${comment(schema.description)}\n` : '';
      if (schema.type === 'object' && schema.properties) return `${head}export interface ${name} ${objectOf(schema, '')}\n`;
      if (schema.allOf) return `${head}export interface ${name} ${extended(schema.allOf)}\n`;
      return `${head}export type ${name} = ${typeOf(schema, '')};\n`;
    });
  const head = '/** The documents of the API. Written by `npm run api` from the OpenAPI document of the server: do not edit. */\n';
  return [head, ...parts].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await writeFile(TARGET, await apiTypes());
