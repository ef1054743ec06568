/** What the numbers are compared with: the period before, the year before, any two dates, or nothing. */
import { useMemo } from 'preact/hooks';
import { span } from '../format/date.ts';
import { useShortcuts } from '../state/keys.ts';
import { before, customDays } from '../state/range.ts';
import * as store from '../state/store.ts';
import { language } from '../text/catalogue.ts';
import { t } from '../text/words.ts';
import { DatesForm } from './DatesForm.tsx';
import { Menu } from './Menu.tsx';
import { Popover } from './Popover.tsx';

const CHOICES = ['none', 'previous_period', 'year_over_year'] as const;

const choose = (compare: string): void => store.go({ compare });

export function ComparePicker() {
  const { compare } = store.view.value;
  const spoken = language.value;
  const bound = useMemo(
    () => [{ key: 'x', label: t().compare, run: () => choose(store.comparison.peek() ? '' : 'previous_period') }],
    [spoken],
  );
  useShortcuts(bound);
  const chosen = CHOICES.find((choice) => choice === compare);
  const dates = customDays(compare);
  const text = dates ? t().versus(span(dates, store.days.value)) : chosen && chosen !== 'none' ? t().shortComparisons[chosen] : t().compare;
  const items = CHOICES.map((id) => ({
    id,
    label: t().comparisons[id],
    chosen: id === (dates ? '' : (chosen ?? 'none')),
    ...(id === 'previous_period' && { key: 'X' }),
    run: () => choose(id === 'none' ? '' : id),
  }));
  return (
    <Popover label={`${t().compareWith}: ${text}`} button={<span class="drop">{text}</span>}>
      {(close) => (
        <>
          <Menu label={t().compareWith} items={items} close={close} />
          <DatesForm
            label={t().ownDates}
            days={dates ?? before(store.days.value)}
            action={t().compare}
            choose={(range) => {
              close();
              choose(range);
            }}
          />
        </>
      )}
    </Popover>
  );
}
