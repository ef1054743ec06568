/** A small curve without axes, for rows and cards. Its numbers stand beside it, so it is a picture only. */
interface Props {
  values: readonly number[];
  /** The last value is still growing: its step is dashed. */
  open?: boolean;
}

const [WIDTH, HEIGHT] = [120, 32];

export function Sparkline({ values, open = false }: Props) {
  const top = Math.max(...values, 1);
  const points = values.map((value, i) => {
    const x = values.length > 1 ? (i / (values.length - 1)) * WIDTH : WIDTH / 2;
    return `${x.toFixed(1)},${(HEIGHT - 1 - (value / top) * (HEIGHT - 2)).toFixed(1)}`;
  });
  const final = open ? points.slice(0, -1) : points;
  const first = final[0]?.split(',')[0] ?? '0';
  const last = final.at(-1)?.split(',')[0] ?? '0';
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {final.length > 1 ? <polygon points={`${first},${HEIGHT} ${final.join(' ')} ${last},${HEIGHT}`} /> : null}
      <polyline points={final.join(' ')} />
      {open ? <polyline class="running" points={points.slice(-2).join(' ')} /> : null}
    </svg>
  );
}
