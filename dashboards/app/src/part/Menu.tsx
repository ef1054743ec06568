/** A list of choices or actions inside a popover. Arrow keys move, as the popover sees to. */

export interface Item {
  id: string;
  label: string;
  /** Shown at the end of the line. */
  key?: string;
  chosen?: boolean;
  run(): void;
}

interface Props {
  label: string;
  items: readonly Item[];
  close: () => void;
  /** Shows the label above. */
  titled?: boolean;
}

export const Menu = ({ label, items, close, titled }: Props) => (
  <>
    {titled ? <p class="menu-title">{label}</p> : null}
    <ul class="menu" role="menu" aria-label={label}>
      {items.map(({ id, label, key, chosen, run }) => (
        <li key={id} role="none">
          <button
            type="button"
            role={chosen === undefined ? 'menuitem' : 'menuitemradio'}
            {...(chosen !== undefined && { 'aria-checked': chosen })}
            onClick={() => {
              close();
              run();
            }}
          >
            <span>{label}</span>
            {key ? <kbd aria-hidden="true">{key}</kbd> : null}
          </button>
        </li>
      ))}
    </ul>
  </>
);
