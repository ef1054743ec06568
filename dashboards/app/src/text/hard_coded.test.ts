/** No component holds a string that people read: those stand in the catalogue, else they would stay English. */
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

const files = import.meta.glob<string>('../**/*.tsx', { eager: true, query: '?raw', import: 'default' });

/** Attributes whose value is read, aloud or in sight. */
const READ = new Set(['title', 'aria-label', 'placeholder', 'alt', 'label', 'summary', 'aria-description', 'aria-roledescription']);
/** Names, and words that are the same everywhere. */
const NAMES = new Set(['Headcount', 'p50', 'p75', 'p95', 'signup', 'plan', 'team', '/thank-you']);
/** Lines to be typed are the same in every language. */
const CODE = new Set(['code', 'kbd', 'pre', 'Snippet']);

interface Node {
  type: string;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

const nameOf = (node: unknown): string => (isNode(node) ? String(node['name'] ?? '') : '');

/** The texts that an expression may put on the page; what it calls or compares is none. */
function textsOf(node: Node): string[] {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : [];
  if (node.type === 'TemplateLiteral') return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
  if (node.type === 'ConditionalExpression') return [node['consequent'], node['alternate']].filter(isNode).flatMap(textsOf);
  if (node.type === 'LogicalExpression') return isNode(node['right']) ? textsOf(node['right']) : [];
  return [];
}

function found(node: Node, texts: string[]): string[] {
  if (node.type === 'JSXElement' && CODE.has(nameOf((node['openingElement'] as Node)['name']))) return texts;
  if (node.type === 'JSXText') texts.push(String(node['value']));
  if (node.type === 'JSXAttribute' && READ.has(nameOf(node['name'])) && isNode(node['value'])) {
    const { value } = node as { value?: Node };
    texts.push(...textsOf(value?.type === 'JSXExpressionContainer' ? (value['expression'] as Node) : value!));
  }
  if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
    for (const child of node['children'] as Node[]) {
      if (child.type === 'JSXExpressionContainer' && isNode(child['expression'])) texts.push(...textsOf(child['expression']));
    }
  }
  for (const child of childrenOf(node)) found(child, texts);
  return texts;
}

/** What of a component's source would be read in English by everybody. */
const hardCoded = (name: string, source: string): string[] =>
  found(parseSync(name, source).program as unknown as Node, [])
    .map((text) => text.trim())
    .filter((text) => /\p{L}{2,}/u.test(text) && !NAMES.has(text));

test('what is read is found, what is code is not', () => {
  const source = `const A = () => <p title="One" class="two">Three {'Four'} {x === 'five' ? 'Six' : y} <code>seven</code> {t().eight}</p>;`;
  expect(hardCoded('a.tsx', source).sort()).toEqual(['Four', 'One', 'Six', 'Three']);
});

test('no component holds words of its own', () => {
  expect(Object.keys(files).length).toBeGreaterThan(50);
  const texts = Object.entries(files).flatMap(([path, source]) => hardCoded(path, source).map((text) => `${path}: ${text}`));
  expect(texts).toEqual([]);
});
