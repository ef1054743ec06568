/** Notes on a curve as buttons above it: reached by keys, they say what is noted; with the focus it stands beside the curve. */
import { title } from '../format/date.ts';
import { t } from '../text/words.ts';
import { notesOf, type Curve } from './curve.ts';
import type { Place } from './plot.ts';

interface Props {
  curve: Curve;
  places: readonly Place[];
  /** Shows what stands beside the pointer at a bucket, or nowhere. */
  point: (index?: number) => void;
  /** Changes the notes of a bucket; absent for those who may not. */
  open?: ((index: number) => void) | undefined;
}

export function Marks({ curve, places, point, open }: Props) {
  if (places.length === 0) return null;
  return (
    <div class="marks" role="group" aria-label={t().notes}>
      {places.map(({ index, left }) => {
        const texts = notesOf(curve, index).map(({ text }) => text);
        return (
          <button
            key={curve.labels[index]}
            type="button"
            class="mark-note"
            style={{ left: `${left}px` }}
            aria-label={`${title(curve.bucket, curve.labels[index] ?? '')}: ${texts.join(' · ')}`}
            onFocus={() => point(index)}
            onBlur={() => point()}
            onPointerEnter={() => point(index)}
            onPointerLeave={() => point()}
            onClick={() => (open ? open(index) : point(index))}
          />
        );
      })}
    </div>
  );
}
