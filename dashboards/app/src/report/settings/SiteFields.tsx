/** The fields of the site's form. */
import type { CrossingCode } from '../../api/schema.ts';
import { Field } from '../../part/form/Field.tsx';
import { Zones } from '../../part/form/Zones.tsx';
import { CROSSINGS, type Draft, type Field as FieldName } from './site.ts';
import { st } from './text.ts';

interface Props {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  said: Partial<Record<FieldName, string>>;
}

export function SiteFields({ draft, set, said }: Props) {
  const lines = (field: 'domains' | 'excluded_paths' | 'filter_properties' | 'numbers' | 'accept', label: string, note: string) => (
    <Field label={label} note={note} wrong={said[field]}>
      {(tied) => <textarea {...tied} rows={2} spellcheck={false} value={draft[field]} onInput={(event) => set({ [field]: event.currentTarget.value })} />}
    </Field>
  );
  const number = (field: 'min_visitors' | 'retention_months', most: number, [label, note]: [string, string]) => (
    <Field label={label} note={note} wrong={said[field]}>
      {(tied) => <input {...tied} type="number" required min={1} max={most} value={draft[field]} onInput={(event) => set({ [field]: event.currentTarget.value })} />}
    </Field>
  );
  return (
    <>
      {lines('domains', st().domains, st().domainsNote)}
      <Field label={st().timezone} note={st().timezoneNote} wrong={said.timezone}>
        {(tied) => <input {...tied} required list="zones" autocomplete="off" value={draft.timezone} onInput={(event) => set({ timezone: event.currentTarget.value })} />}
      </Field>
      <Zones />
      <div class="pair">
        {number('min_visitors', 1_000_000, [st().k, st().kNote])}
        {number('retention_months', 120, [st().months, st().monthsNote])}
      </div>
      <label class="choice">
        <input type="checkbox" checked={draft.strict} onChange={() => set({ strict: !draft.strict })} />
        <span>{st().strict}</span>
      </label>
      {lines('excluded_paths', st().excluded, st().excludedNote)}
      <Crossings draft={draft} set={set} wrong={said.crossings} />
      <div class="pair">
        {lines('filter_properties', st().properties, st().propertiesNote)}
        {lines('numbers', st().numbers, st().numbersNote)}
      </div>
      {lines('accept', st().accept, st().acceptNote)}
    </>
  );
}

function Crossings({ draft: { crossings }, set, wrong }: Pick<Props, 'draft' | 'set'> & { wrong: string | undefined }) {
  const turn = (code: CrossingCode) => set({ crossings: crossings.includes(code) ? crossings.filter((one) => one !== code) : [...crossings, code] });
  return (
    <fieldset class="choices many">
      <legend>{st().crossings}</legend>
      {CROSSINGS.map((code) => (
        <label key={code} class="choice">
          <input type="checkbox" checked={crossings.includes(code)} onChange={() => turn(code)} />
          <span>{st().crossing[code]}</span>
        </label>
      ))}
      {wrong ? (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      ) : null}
      <p class="note whole">{st().crossingsNote}</p>
    </fieldset>
  );
}
