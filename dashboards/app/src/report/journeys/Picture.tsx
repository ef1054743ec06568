/** The flow drawn: bars for pages, ribbons for ways, as wide as visits took them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { nameFor } from '../../format/names.ts';
import { plain } from '../../format/number.ts';
import { isValue } from '../../part/table.ts';
import * as store from '../../state/store.ts';
import { pick } from './asking.ts';
import { REST, type Flow, type Node, type Ribbon } from './flow.ts';
import { jt } from './text.ts';

const [LEAST_WIDTH, BAR, HEAD] = [520, 12, 28];
/** Room for the labels of the last column. */
const labelOf = (width: number): number => (width < 800 ? 130 : 190);
/** An average letter's width, for cutting labels that have no room. */
const LETTER = 6.8;

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current!;
    const look = new ResizeObserver(() => setWidth(element.clientWidth));
    look.observe(element);
    return () => look.disconnect();
  }, []);
  return { box, width: Math.max(LEAST_WIDTH, width) };
}

const nameOf = ({ page, pages }: Node): string => (page === REST ? jt().morePages(pages) : nameFor('event:page', page).text);

export function Picture({ flow }: { flow: Flow }) {
  const { box, width } = useWidth();
  const label = labelOf(width);
  const pitch = (width - label) / 2;
  const x = (column: number): number => column * pitch;
  const height = HEAD + flow.height + 8;
  const starts = flow.nodes.filter(({ column }) => column === 0).slice(0, 3).map(nameOf);
  const chosen = store.view.value.own['page'];
  return (
    <div class="scroll flow-scroll" ref={box} tabIndex={0} role="group" aria-label={jt().flow}>
      <svg class="flow" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={jt().said(starts.join(', '))}>
        {/* Ways that start at a page end in the second column. */}
        {jt().columns.slice(0, 1 + Math.max(...flow.nodes.map(({ column }) => column))).map((name, column) => (
          <text key={name} class="flow-head" x={x(column)} y={14}>
            {name}
          </text>
        ))}
        <g transform={`translate(0 ${HEAD})`}>
          {flow.ribbons.map((ribbon) => (
            <Way key={`${ribbon.from.column} ${ribbon.from.page} ${ribbon.to.page}`} ribbon={ribbon} x={x} chosen={chosen} />
          ))}
          {flow.nodes.map((node) => (
            <Page key={`${node.column} ${node.page}`} node={node} x={x(node.column)} room={node.column === 2 ? label - BAR : pitch - 2 * BAR} />
          ))}
        </g>
      </svg>
    </div>
  );
}

function Way({ ribbon: { from, to, visits, thickness, y0, y1 }, x, chosen }: { ribbon: Ribbon; x: (column: number) => number; chosen: string | undefined }) {
  const [x0, x1] = [x(from.column) + BAR, x(to.column)];
  const bend = (x0 + x1) / 2;
  const half = Math.max(1, thickness) / 2;
  const edge = (a: number, b: number): string => `${bend},${a} ${bend},${b}`;
  const shape = `M${x0},${y0 - half}C${edge(y0 - half, y1 - half)} ${x1},${y1 - half}V${y1 + half}C${edge(y1 + half, y0 + half)} ${x0},${y0 + half}Z`;
  const picked = chosen !== undefined && [from.page, to.page].includes(chosen);
  return (
    <path class={picked ? 'flow-way picked' : 'flow-way'} d={shape}>
      <title>{jt().link(nameOf(from), nameOf(to), visits)}</title>
    </path>
  );
}

function Page({ node, x, room }: { node: Node; x: number; room: number }) {
  const name = nameOf(node);
  const number = plain(node.visits);
  const most = Math.max(6, Math.floor(room / LETTER) - number.length - 2);
  const shown = name.length > most ? `${name.slice(0, most - 1)}…` : name;
  const picks = isValue(node.page);
  return (
    // For the pointer; the tables below have the same for the keyboard.
    <g class={picks ? 'flow-page picks' : 'flow-page'} onClick={picks ? () => pick(node.page) : undefined}>
      <title>{`${name}: ${jt().visits(node.visits)}`}</title>
      <rect x={x} y={node.y} width={BAR} height={node.height} rx={2} />
      <text x={x + BAR + 8} y={node.y + node.height / 2 + 4}>
        {shown} <tspan class="flow-number">{number}</tspan>
      </text>
    </g>
  );
}
