/** The features as rows: a tick draws one, its name opens it. */
import { useState } from 'preact/hooks';
import type { Measure } from '../../api/query.ts';
import { exactly, percent, plain, short } from '../../format/number.ts';
import { Breakable } from '../../part/Breakable.tsx';
import { Change } from '../../part/Change.tsx';
import { Link } from '../../part/Link.tsx';
import type { Series } from '../../part/series.ts';
import { Sparkline } from '../../part/Sparkline.tsx';
import * as store from '../../state/store.ts';
import { t, w } from '../../text/words.ts';
import { comparedOf } from './Compare.tsx';
import { MOST_COMPARED, perVisitor, sorted, toggled, writeChosen, type Feature, type SortBy } from './questions.ts';
import { ft } from './text.ts';

/** Rows before "show all". */
const ROWS = 50;
/** From so many on there is a search. */
const MANY = 12;

interface Props {
  features: readonly Feature[];
  curves: Series | undefined;
  measure: Measure;
  chosen: readonly string[];
}

const COLUMNS: SortBy[] = ['name', 'events', 'visitors', 'adoption', 'perVisitor', 'change'];

export function Table({ features, curves, measure, chosen }: Props) {
  const [wanted, setWanted] = useState('');
  const [all, setAll] = useState(false);
  const own = store.view.value.own['sort'] as SortBy;
  const by = COLUMNS.includes(own) ? own : 'visitors';
  const needle = wanted.toLocaleLowerCase();
  const found = sorted(features, by, measure).filter(({ name }) => name.toLocaleLowerCase().includes(needle));
  const rows = all ? found : found.slice(0, ROWS);
  const drawn = curves ? comparedOf(features, measure) : [];
  return (
    <>
      {features.length > MANY ? (
        <input class="feature-search" type="search" aria-label={ft().searchLabel} placeholder={t().search} value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
      ) : null}
      <table class="rows features">
        <caption class="visually-hidden">{ft().list}</caption>
        <Head by={by} measure={measure} trend={curves !== undefined} />
        <tbody>
          {rows.map((one) => (
            <Row key={one.name} one={one} curves={curves} measure={measure} chosen={chosen} colour={drawn.indexOf(one.name) + 1} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <p class="empty">{t().nothingFound}</p> : null}
      {found.length > rows.length ? (
        <button type="button" class="plain more" onClick={() => setAll(true)}>
          {ft().showAll(plain(found.length))}
        </button>
      ) : null}
    </>
  );
}

function Head({ by, measure, trend }: { by: SortBy; measure: Measure; trend: boolean }) {
  const { measures, meanings } = w();
  const column = (id: SortBy, text: string, title: string, look = '') => (
    <th scope="col" title={title} class={look} aria-sort={by !== id ? 'none' : id === 'name' ? 'ascending' : 'descending'}>
      <button type="button" class="sort" aria-label={t().sortBy(text)} onClick={() => store.setOwn('sort', id === 'visitors' ? '' : id)}>
        {text}
      </button>
    </th>
  );
  return (
    <thead>
      <tr>
        {column('name', ft().feature, '', 'name')}
        {trend ? (
          <th scope="col" class="trend-cell">
            {ft().trend}
          </th>
        ) : null}
        {column('events', measures.events, '')}
        {column('visitors', measures.visitors, meanings.visitors)}
        {column('adoption', measures.conversion_rate, ft().adoptionMeaning, 'spare')}
        {column('perVisitor', ft().perVisitor, ft().perVisitorMeaning, 'spare')}
        {column('change', ft().change, ft().changeMeaning(measures[measure]))}
      </tr>
    </thead>
  );
}

interface RowProps {
  one: Feature;
  curves: Series | undefined;
  measure: Measure;
  chosen: readonly string[];
  /** Of its line in the picture, from one; zero: it is not in it. */
  colour: number;
}

function Row({ one, curves, measure, chosen, colour }: RowProps) {
  const ticked = chosen.includes(one.name);
  const toggle = () => store.setOwn('with', writeChosen(toggled(chosen, one.name)));
  const trend = curves ? <Sparkline values={curves.of(one.name, measure)} open={store.isRunning.value && curves.labels.length > 1} /> : null;
  return (
    <tr>
      <th scope="row" class="name">
        <span class="feature-name">
          {curves ? (
            <input
              type="checkbox"
              aria-label={ft().compareOne(one.name)}
              checked={ticked}
              disabled={!ticked && chosen.length >= MOST_COMPARED}
              onChange={toggle}
            />
          ) : null}
          <Link to={{ own: { feature: one.name } }}>
            <Breakable text={one.name} />
          </Link>
          {colour > 0 ? <span class={`key look-${colour}`} aria-hidden="true" /> : null}
        </span>
        {curves ? <span class="narrow-trend">{trend}</span> : null}
      </th>
      {curves ? (
        <td class="trend-cell">{trend}</td>
      ) : null}
      <td title={plain(one.events)}>{short(one.events)}</td>
      <td title={plain(one.visitors)}>{short(one.visitors)}</td>
      <td class="spare" title={exactly('conversion_rate', one.adoption)}>
        {percent(one.adoption)}
      </td>
      <td class="spare">{plain(Math.round(100 * perVisitor(one)) / 100)}</td>
      <td>
        <Change measure={measure} moved={one.moved[measure]} then={one.then[measure]} />
      </td>
    </tr>
  );
}
