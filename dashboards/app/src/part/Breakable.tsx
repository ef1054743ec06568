/** A name made by programs, that may be broken where its parts meet: `toggle_billing`, `/docs/getting-started`. */
const PARTS = /(?<=[^\s_\-./:][_\-./:])(?=[^_\-./:])/;

export const Breakable = ({ text }: { text: string }) => (
  <>
    {text.split(PARTS).map((part, at) => (
      <>
        {at > 0 ? <wbr /> : null}
        {part}
      </>
    ))}
  </>
);
