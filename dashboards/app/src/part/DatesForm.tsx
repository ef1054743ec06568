/** Two dates of one's own choice, in a popover below its presets. */
import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { DatePair } from '../api/query.ts';
import { customDays, rangeOf, type Range } from '../state/range.ts';
import { today } from '../state/store.ts';
import { t } from '../text/words.ts';

interface Props {
  /** Read aloud, so that two of these are told apart. */
  label: string;
  /** What stands there before. */
  days: DatePair;
  action: string;
  choose: (range: Range) => void;
}

export function DatesForm({ label, days: [from, to], action, choose }: Props) {
  const [wrong, setWrong] = useState(false);
  const onSubmit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const range = rangeOf([String(data.get('from')), String(data.get('to'))]);
    if (customDays(range)) choose(range);
    else setWrong(true);
  };
  return (
    <form class="custom" aria-label={label} onSubmit={onSubmit} onInput={() => setWrong(false)}>
      <p>{label}</p>
      <label>
        {t().from}
        <input type="date" name="from" required max={today.value} defaultValue={from} />
      </label>
      <label>
        {t().to}
        <input type="date" name="to" required defaultValue={to} />
      </label>
      {wrong ? (
        <p class="worse" role="alert">
          {t().wrongOrder}
        </p>
      ) : null}
      <button class="primary">{action}</button>
    </form>
  );
}
