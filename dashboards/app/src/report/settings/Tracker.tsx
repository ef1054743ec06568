/** The lines to paste, and whether hits arrive. */
import { useState } from 'preact/hooks';
import { Card } from '../../part/Card.tsx';
import { Snippet } from '../../part/CopyButton.tsx';
import { siteId } from '../../state/store.ts';
import { Arrival } from './Arrival.tsx';
import { OPTIONS, pixelOf, tagOf, type Option } from './snippet.ts';
import { st } from './text.ts';

export function Tracker() {
  const [chosen, setChosen] = useState<readonly Option[]>([]);
  const turn = (option: Option) => setChosen(chosen.includes(option) ? chosen.filter((one) => one !== option) : [...chosen, option]);
  const site = siteId.value;
  return (
    <Card name="tracker" title={st().tracker}>
      <Arrival />
      <p>{st().paste}</p>
      <Snippet text={tagOf(location.origin, site, chosen)} />
      <fieldset class="choices">
        <legend>{st().options}</legend>
        {OPTIONS.map((option) => (
          <label key={option} class="choice">
            <input type="checkbox" checked={chosen.includes(option)} onChange={() => turn(option)} />
            <span>
              {st().option[option]} <code>{option}</code>
            </span>
          </label>
        ))}
      </fieldset>
      {chosen.includes('data-cohorts') ? (
        <p class="note" role="note">
          {st().cohortsNote}
        </p>
      ) : null}
      <h3>{st().pixel}</h3>
      <p class="note">{st().pixelNote}</p>
      <Snippet text={pixelOf(location.origin, site)} />
    </Card>
  );
}
