/** The period: presets, any two dates, a step back and forth. Each preset has its key. */
import { useMemo, useState } from 'preact/hooks';
import { span } from '../format/date.ts';
import { useShortcuts, type Shortcut } from '../state/keys.ts';
import { DEFAULT_RANGE, isPreset, PRESETS, shift, type Range } from '../state/range.ts';
import * as store from '../state/store.ts';
import { language } from '../text/catalogue.ts';
import { t } from '../text/words.ts';
import { DatesForm } from './DatesForm.tsx';
import { Menu, type Item } from './Menu.tsx';
import { Popover } from './Popover.tsx';

const choose = (range: Range): void => store.go({ range });

function step(direction: 1 | -1): void {
  if (store.view.peek().range === 'all') return;
  const next = shift(store.days.peek(), direction, store.today.peek());
  if (next) choose(next);
}

function useKeys(openMenu: () => void): void {
  const spoken = language.value;
  const bound = useMemo((): Shortcut[] => {
    const presets = PRESETS.filter(({ key }) => key !== '');
    return [
      ...presets.map(({ id, key }) => ({ key: key.toLowerCase(), label: t().ranges[id], run: () => choose(id) })),
      { key: 'c', label: t().period, run: openMenu },
      { key: 't', label: t().backToNow, run: () => choose(DEFAULT_RANGE) },
      { key: 'ArrowLeft', label: t().earlier, run: () => step(-1) },
      { key: 'ArrowRight', label: t().later, run: () => step(1) },
    ];
  }, [spoken]);
  useShortcuts(bound);
}

export function DatePicker() {
  const [opened, setOpened] = useState(0);
  useKeys(() => setOpened((times) => times + 1));
  const { range } = store.view.value;
  const days = span(store.days.value);
  const text = isPreset(range) ? t().ranges[range] : days;
  const items = (): Item[] =>
    PRESETS.map(({ id, key }) => ({ id, key, label: t().ranges[id], chosen: id === range, run: () => choose(id) }));
  const atEnd = range === 'all' || shift(store.days.value, 1, store.today.value) === undefined;
  return (
    <div class="period">
      <button type="button" class="step" aria-label={t().earlier} title={t().earlier} disabled={range === 'all'} onClick={() => step(-1)}>
        <Arrow back />
      </button>
      <Popover label={`${t().period}: ${text}`} title={days} button={<span class="drop">{text}</span>} opened={opened}>
        {(close) => (
          <>
            <Menu label={t().period} items={items()} close={close} />
            <DatesForm
              label={t().ownDates}
              days={store.days.value}
              action={t().show}
              choose={(range) => {
                close();
                choose(range);
              }}
            />
          </>
        )}
      </Popover>
      <button type="button" class="step" aria-label={t().later} title={t().later} disabled={atEnd} onClick={() => step(1)}>
        <Arrow />
      </button>
    </div>
  );
}

const Arrow = ({ back = false }: { back?: boolean }) => (
  <svg viewBox="0 0 16 16" aria-hidden="true">
    <path d={back ? 'M10 3L5 8l5 5' : 'M6 3l5 5-5 5'} />
  </svg>
);
