/** A component that is loaded when it is shown. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { translated } from '../text/catalogue.ts';

interface Props<P> {
  load: () => Promise<ComponentType<P>>;
  with: P;
}

export function Lazy<P extends object>({ load, with: given }: Props<P>) {
  const [found, setFound] = useState<{ Component: ComponentType<P> }>();
  useEffect(() => {
    let wanted = true;
    void load().then(async (Component) => {
      await translated();
      if (wanted) setFound({ Component });
    });
    return () => void (wanted = false);
  }, []);
  return found ? <found.Component {...given} /> : null;
}
