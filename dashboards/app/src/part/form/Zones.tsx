/** The time zones to choose from: `list="zones"`. */
const ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export const Zones = () => (
  <datalist id="zones">
    {ZONES.map((zone) => (
      <option key={zone} value={zone} />
    ))}
  </datalist>
);
