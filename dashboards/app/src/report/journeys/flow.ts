/** Where each page and each way stands in the picture. Pure: no network, no state, no drawing. */
import type { JourneyRow } from '../../api/schema.ts';

export const OTHER = '(other)';
/** Stands for the pages of a column that have no room of their own. */
export const REST = '';

export interface Node {
  column: number;
  /** The page, `OTHER` or `REST`. */
  page: string;
  /** Visits that came through. */
  visits: number;
  /** How many pages it stands for. */
  pages: number;
  y: number;
  height: number;
}

export interface Ribbon {
  from: Node;
  to: Node;
  visits: number;
  thickness: number;
  /** Middle of its ends. */
  y0: number;
  y1: number;
}

export interface Flow {
  nodes: Node[];
  ribbons: Ribbon[];
  height: number;
}

/** Pages of a column with room of their own. */
const MOST = 12;
/** Room of the fullest column's bars together, without the gaps. */
const BARS = 260;
const [LEAST, ROOM, GAP] = [2, 18, 10];

interface Way {
  column: number;
  from: string;
  to: string;
  visits: number;
}

const waysOf = (rows: readonly JourneyRow[], column: number): Way[] => rows.map(({ from, to, events }) => ({ column, from, to, visits: events }));

/** `second` and `third` of the API as a picture. Without `rare` the row `(other)` is left out. */
export function flowOf(second: readonly JourneyRow[], third: readonly JourneyRow[], rare: boolean): Flow {
  const ways = [...waysOf(second, 0), ...waysOf(third, 1)].filter((way) => rare || (way.from !== OTHER && way.to !== OTHER));
  const named = foldedWays(ways);
  const columns = [0, 1, 2].map((column) => nodesOf(named.ways, column, named.folded[column] ?? new Set()));
  const top = Math.max(1, ...columns.map((nodes) => nodes.reduce((sum, { visits }) => sum + visits, 0)));
  const scale = BARS / top;
  const height = Math.max(0, ...columns.map((nodes) => stack(nodes, scale)));
  beside(named.ways, columns, height);
  return { nodes: columns.flat(), ribbons: ribbonsOf(named.ways, columns, scale), height };
}

function sums(ways: readonly Way[], column: number): Map<string, { incoming: number; outgoing: number }> {
  const found = new Map<string, { incoming: number; outgoing: number }>();
  const of = (page: string) => found.get(page) ?? { incoming: 0, outgoing: 0 };
  for (const { column: at, from, to, visits } of ways) {
    if (at === column) found.set(from, { ...of(from), outgoing: of(from).outgoing + visits });
    if (at === column - 1) found.set(to, { ...of(to), incoming: of(to).incoming + visits });
  }
  return found;
}

const through = ({ incoming, outgoing }: { incoming: number; outgoing: number }): number => Math.max(incoming, outgoing);

/** The ways with pages beyond the most used of a column as one. */
function foldedWays(ways: readonly Way[]): { ways: Way[]; folded: Set<string>[] } {
  const folded = [0, 1, 2].map((column) => {
    const pages = [...sums(ways, column)].filter(([page]) => page !== OTHER).sort(([, a], [, b]) => through(b) - through(a));
    return new Set(pages.length > MOST ? pages.slice(MOST - 1).map(([page]) => page) : []);
  });
  const name = (column: number, page: string): string => (folded[column]?.has(page) ? REST : page);
  const merged = new Map<string, Way>();
  for (const way of ways) {
    const [from, to] = [name(way.column, way.from), name(way.column + 1, way.to)];
    const key = JSON.stringify([way.column, from, to]);
    merged.set(key, { column: way.column, from, to, visits: (merged.get(key)?.visits ?? 0) + way.visits });
  }
  return { ways: [...merged.values()], folded };
}

/** Largest first; what stands for several pages last. */
function nodesOf(ways: readonly Way[], column: number, folded: Set<string>): Node[] {
  const rank = (page: string): number => (page === REST ? 1 : page === OTHER ? 2 : 0);
  return [...sums(ways, column)]
    .map(([page, sum]) => ({ column, page, visits: through(sum), pages: page === REST ? folded.size : 1, y: 0, height: 0 }))
    .sort((a, b) => rank(a.page) - rank(b.page) || b.visits - a.visits);
}

const roomOf = ({ height }: Node): number => Math.max(ROOM, height);

/** Puts a column's nodes below each other, each in the middle of the room for its label; tells where the last one ends. */
function stack(nodes: Node[], scale: number): number {
  let y = 0;
  for (const node of nodes) {
    node.height = Math.max(LEAST, node.visits * scale);
    node.y = y + (roomOf(node) - node.height) / 2;
    y += roomOf(node) + GAP;
  }
  return Math.max(0, y - GAP);
}

/** Moves the last column's nodes beside where their visits come from, as far as there is room above `height`. */
function beside(ways: readonly Way[], [, sources = [], nodes = []]: Node[][], height: number): void {
  const wish = new Map(nodes.map((node) => {
    const from = ways.filter(({ column, to }) => column === 1 && to === node.page);
    const visits = from.reduce((sum, way) => sum + way.visits, 0);
    const middle = (page: string): number => sources.filter((source) => source.page === page).reduce((_, { y, height }) => y + height / 2, 0);
    return [node, from.reduce((sum, way) => sum + middle(way.from) * way.visits, 0) / Math.max(1, visits)];
  }));
  const special = ({ page }: Node): number => (page === REST ? 1 : page === OTHER ? 2 : 0);
  nodes.sort((a, b) => special(a) - special(b) || (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || b.visits - a.visits);
  let below = nodes.reduce((sum, node) => sum + roomOf(node) + GAP, -GAP);
  let y = 0;
  for (const node of nodes) {
    y = Math.max(y, Math.min((wish.get(node) ?? 0) - roomOf(node) / 2, height - below));
    node.y = y + (roomOf(node) - node.height) / 2;
    y += roomOf(node) + GAP;
    below -= roomOf(node) + GAP;
  }
}

function ribbonsOf(ways: readonly Way[], columns: Node[][], scale: number): Ribbon[] {
  const [left, right] = [new Map<Node, number>(), new Map<Node, number>()];
  const take = (used: Map<Node, number>, node: Node, thickness: number): number => {
    const from = used.get(node) ?? 0;
    used.set(node, from + thickness);
    return node.y + from + thickness / 2;
  };
  const find = (column: number, page: string): Node => columns[column]!.find((node) => node.page === page)!;
  return ways
    .map((way) => ({ way, from: find(way.column, way.from), to: find(way.column + 1, way.to) }))
    .sort((a, b) => a.way.column - b.way.column || a.from.y - b.from.y || a.to.y - b.to.y)
    .map(({ way: { visits }, from, to }) => {
      const thickness = visits * scale;
      return { from, to, visits, thickness, y0: take(right, from, thickness), y1: take(left, to, thickness) };
    });
}
