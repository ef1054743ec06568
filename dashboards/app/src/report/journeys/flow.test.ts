import { expect, test } from 'vitest';
import { flowOf, OTHER, REST } from './flow.ts';

const row = (from: string, to: string, events: number) => ({ from, to, events, visitors: events });

test('pages stand in their columns, as large as what came through', () => {
  const { nodes, ribbons } = flowOf([row('/', '/a', 30), row('/', '/b', 10), row('/x', '/a', 5)], [row('/a', '/c', 20)], false);
  expect(nodes.map(({ column, page, visits }) => [column, page, visits])).toEqual([
    [0, '/', 40],
    [0, '/x', 5],
    [1, '/a', 35],
    [1, '/b', 10],
    [2, '/c', 20],
  ]);
  expect(ribbons.map(({ from, to, visits }) => [from.page, to.page, visits])).toEqual([
    ['/', '/a', 30],
    ['/', '/b', 10],
    ['/x', '/a', 5],
    ['/a', '/c', 20],
  ]);
});

test('no two nodes of a column overlap, and ribbons stay within their nodes', () => {
  const rows = Array.from({ length: 8 }, (_, i) => row(`/${i}`, `/${7 - i}`, 1 + i * i));
  const { nodes, ribbons, height } = flowOf(rows, rows, false);
  for (const column of [0, 1, 2]) {
    const own = nodes.filter((node) => node.column === column);
    own.slice(1).forEach((node, i) => expect(node.y).toBeGreaterThanOrEqual(own[i]!.y + own[i]!.height));
    expect(Math.max(...own.map((node) => node.y + node.height))).toBeLessThanOrEqual(height);
  }
  for (const { from, to, y0, y1, thickness } of ribbons) {
    expect(y0 - thickness / 2).toBeGreaterThanOrEqual(from.y - 1e-9);
    expect(y1 + thickness / 2).toBeLessThanOrEqual(to.y + to.height + 1e-9);
  }
});

test('pages beyond the twelfth become one, and no visit is lost', () => {
  const { nodes } = flowOf(Array.from({ length: 16 }, (_, i) => row(`/${i}`, '/to', 16 - i)), [], false);
  const first = nodes.filter(({ column }) => column === 0);
  expect(first).toHaveLength(12);
  expect(first.at(-1)).toMatchObject({ page: REST, pages: 5, visits: 5 + 4 + 3 + 2 + 1 });
  expect(first.reduce((sum, { visits }) => sum + visits, 0)).toBe(136);
});

test('what is too rare is drawn when it is asked for, last', () => {
  const rows = [row('/', '/a', 3), row(OTHER, OTHER, 900)];
  expect(flowOf(rows, [], false).nodes.map(({ page }) => page)).toEqual(['/', '/a']);
  expect(flowOf(rows, [], true).nodes.map(({ page }) => page)).toEqual(['/', OTHER, '/a', OTHER]);
  expect(flowOf([row(OTHER, OTHER, 9)], [], false)).toEqual({ nodes: [], ribbons: [], height: 0 });
});

test('third pages stand beside where they are reached from', () => {
  const second = [row('/', '/a', 50), row('/', '/b', 40), row('/', '/c', 30)];
  const { nodes } = flowOf(second, [row('/c', '/late', 9), row('/b', '/early', 3)], false);
  const find = (column: number, page: string) => nodes.find((node) => node.column === column && node.page === page)!;
  const middle = ({ y, height }: { y: number; height: number }) => y + height / 2;
  expect(middle(find(2, '/early'))).toBeCloseTo(middle(find(1, '/b')));
  expect(middle(find(2, '/late'))).toBeCloseTo(middle(find(1, '/c')));
});
