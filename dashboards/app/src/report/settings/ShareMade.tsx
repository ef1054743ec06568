/** A new link, the only time it is shown, and the frame that puts it into another page. */
import { useState } from 'preact/hooks';
import type { MadeShare } from '../../api/schema.ts';
import { Snippet } from '../../part/CopyButton.tsx';
import { siteId } from '../../state/store.ts';
import { LANGUAGES } from '../../text/catalogue.ts';
import { Field } from '../../part/form/Field.tsx';
import { frameOf } from './snippet.ts';
import { st } from './text.ts';

export function ShareMade({ made }: { made: MadeShare }) {
  const [look, setLook] = useState({ theme: '', background: '', lang: '' });
  const choice = (what: 'theme' | 'background' | 'lang', label: string, words: Record<string, string>) => (
    <Field label={label}>
      {(tied) => (
        <select {...tied} value={look[what]} onChange={(event) => setLook({ ...look, [what]: event.currentTarget.value })}>
          {Object.entries(words).map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <>
      <h3>{st().link}</h3>
      <Snippet text={made.url} />
      <h3>{st().embed}</h3>
      <p class="note">
        {st().embedNote} {made.has_password ? st().embedLocked : ''}
      </p>
      <div class="pair">
        {choice('theme', st().theme, st().themes)}
        {choice('background', st().background, st().backgrounds)}
        {choice('lang', st().embedLanguage, { '': st().readersLanguage, ...LANGUAGES })}
      </div>
      <Snippet text={frameOf(made.url, siteId.value, look)} />
    </>
  );
}
