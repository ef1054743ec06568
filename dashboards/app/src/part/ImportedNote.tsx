/** Says which of the days shown were brought in from files, and what such days lack. */
import type { Meta } from '../api/query.ts';
import { span } from '../format/date.ts';
import { t } from '../text/words.ts';

export function ImportedNote({ meta }: { meta: Meta | undefined }) {
  const days = meta?.imported ?? [];
  if (days.length === 0) return null;
  return (
    <ul class="note imported">
      {days.map(({ date_range, format, kind }) => {
        const [from = '', to = from] = date_range;
        const say = kind === 'totals' ? t().importedTotals : t().importedEvents;
        return <li key={`${from} ${format} ${kind}`}>{say(span([from, to]), format)}</li>;
      })}
    </ul>
  );
}
