/** What the numbers are compared with. */
import { useMemo } from 'preact/hooks';
import { useShortcuts } from '../state/keys.ts';
import * as store from '../state/store.ts';
import { language } from '../text/catalogue.ts';
import { t } from '../text/words.ts';
import { Menu } from './Menu.tsx';
import { Popover } from './Popover.tsx';

const CHOICES = ['none', 'previous_period', 'year_over_year'] as const;

const choose = (choice: (typeof CHOICES)[number]): void => store.go({ compare: choice === 'none' ? '' : choice });

export function ComparePicker() {
  const { compare } = store.view.value;
  const spoken = language.value;
  const bound = useMemo(
    () => [{ key: 'x', label: t().compare, run: () => choose(store.view.peek().compare ? 'none' : 'previous_period') }],
    [spoken],
  );
  useShortcuts(bound);
  const chosen = CHOICES.find((choice) => choice === compare);
  const text = chosen && chosen !== 'none' ? t().shortComparisons[chosen] : (compare ? `${t().compare}: ${compare}` : t().compare);
  const items = CHOICES.map((id) => ({
    id,
    label: t().comparisons[id],
    chosen: id === (compare || 'none'),
    ...(id === 'previous_period' && { key: 'X' }),
    run: () => choose(id),
  }));
  return (
    <Popover label={`${t().compareWith}: ${text}`} button={<span class="drop">{text}</span>}>
      {(close) => <Menu label={t().compareWith} items={items} close={close} />}
    </Popover>
  );
}
