/** The world, each country in the depth of its visitors. Loaded when the map is shown. */
import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import world from 'world-atlas/countries-110m.json';
import { useState } from 'preact/hooks';
import { nameFor } from '../../format/names.ts';
import { percent } from '../../format/number.ts';
import { isRest, type Row } from '../../part/table.ts';
import * as store from '../../state/store.ts';
import { w } from '../../text/words.ts';
import { codeOf } from './countries.ts';
import { tt } from './text.ts';

const [WIDTH, HEIGHT] = [640, 320];
const ANTARCTICA = '010';

interface Shape {
  code: string;
  path: string;
}

function shapes(): Shape[] {
  const topology = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
  const { features } = feature(topology, topology.objects.countries);
  const shown = features.filter(({ id }) => id !== ANTARCTICA);
  const projection = geoNaturalEarth1().fitSize([WIDTH, HEIGHT], { type: 'FeatureCollection', features: shown });
  const path = geoPath(projection).digits(1);
  return shown.map((one) => ({ code: codeOf(String(one.id ?? ''), one.properties.name), path: path(one) ?? '' }));
}

const SHAPES = shapes();
/** Steps of the colour; the square root keeps small countries visible beside one large one. */
const DEPTHS = 6;

export function WorldMap({ rows }: { rows: Row[] }) {
  const [at, setAt] = useState<{ code: string; x: number; y: number }>();
  const byCode = new Map(rows.map((row) => [row.value, row.numbers]));
  const top = Math.max(1, ...rows.filter(({ value }) => !isRest(value)).map(({ numbers }) => numbers[0] ?? 0));
  const depth = (code: string): number => {
    const visitors = byCode.get(code)?.[0] ?? 0;
    return visitors > 0 ? Math.max(1, Math.ceil(Math.sqrt(visitors / top) * DEPTHS)) : 0;
  };
  const picked = store.filter.value?.dimension === 'visit:country' ? store.filter.value.values : [];
  return (
    <div class="map" onPointerLeave={() => setAt(undefined)}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={tt().mapLabel}>
        {SHAPES.map(({ code, path }, i) => (
          <path
            key={i}
            d={path}
            class={`depth-${depth(code)}${picked.includes(code) ? ' picked' : ''}`}
            onPointerMove={(event) => {
              const box = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
              setAt({ code, x: event.clientX - box.left, y: event.clientY - box.top });
            }}
            onClick={() => depth(code) > 0 && store.pick('visit:country', code)}
          />
        ))}
      </svg>
      {at?.code ? <Tip at={at} numbers={byCode.get(at.code)} /> : null}
    </div>
  );
}

function Tip({ at, numbers }: { at: { code: string; x: number; y: number }; numbers: number[] | undefined }) {
  const [visitors = 0, share = 0] = numbers ?? [];
  return (
    <div class="tip" aria-hidden="true" style={{ transform: `translate(calc(${at.x}px - 50%), calc(${at.y}px - 100% - 10px))` }}>
      <span class="when">{nameFor('visit:country', at.code).text}</span>
      <span>{w().visitors(visitors)}{visitors ? ` · ${percent(share)}` : ''}</span>
    </div>
  );
}
