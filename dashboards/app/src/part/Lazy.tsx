/** A component that is loaded when it is shown; says when that failed. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/request.ts';
import { translated } from '../text/catalogue.ts';
import { t } from '../text/words.ts';
import { Problem } from './Problem.tsx';

interface Props<P> {
  load: () => Promise<ComponentType<P>>;
  with: P;
}

export function Lazy<P extends object>({ load, with: given }: Props<P>) {
  const [found, setFound] = useState<{ Component: ComponentType<P> }>();
  const [failed, setFailed] = useState(0);
  const [tries, setTries] = useState(1);
  useEffect(() => {
    let wanted = true;
    load()
      .then(async (Component) => {
        await translated();
        if (wanted) setFound({ Component });
      })
      .catch(() => wanted && setFailed(tries));
    return () => void (wanted = false);
  }, [tries]);
  if (found) return <found.Component {...given} />;
  if (failed !== tries) return null;
  // After an upgrade the files of this page are there no more: only the page of now knows the new ones.
  const again = () => (tries > 1 ? location.reload() : setTries(tries + 1));
  return <Problem error={new ApiError(0, 'part', t().partFailed)} again={again} />;
}
