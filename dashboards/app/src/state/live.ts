/** The live numbers of a site, while the page is seen. */
import { useEffect, useState } from 'preact/hooks';
import { beKnown, shareParameter } from '../api/request.ts';

/** One message of `GET /api/v1/live`. */
export interface Live {
  /** Of the last five minutes. */
  visitors: number;
  /** Of the last thirty minutes. */
  pageviews: number;
  /** Page views per minute of the last thirty, oldest first. */
  minutes: number[];
  /** Visitors of the last thirty by page, source and country: the ten most frequent that enough visitors share. */
  pages: LiveRow[];
  sources: LiveRow[];
  countries: LiveRow[];
}

export interface LiveRow {
  value: string;
  visitors: number;
}

/** A browser would connect again by itself, but never after a refusal, and without a look whether the session ended. */
const AGAIN_MS = 4_000;

function follow(site: string, onLive: (live: Live | null) => void): () => void {
  let again: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource | undefined;
  let stopped = false;
  const lost = () => {
    source?.close();
    if (stopped) return;
    onLive(null);
    again = setTimeout(connect, AGAIN_MS);
  };
  const open = () => {
    if (stopped) return;
    source = new EventSource(`/api/v1/live?site=${encodeURIComponent(site)}${shareParameter()}`);
    source.onmessage = (message) => onLive(JSON.parse(message.data));
    source.onerror = lost;
  };
  const connect = () => void beKnown().then(open, lost);
  connect();
  return () => {
    stopped = true;
    clearTimeout(again);
    source?.close();
  };
}

/** Nothing while there is no connection. A hidden tab must not hold one of the browser's six connections. */
export function useLive(site: string): Live | null {
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    let stop = () => {};
    const look = () => {
      stop();
      stop = document.visibilityState === 'visible' ? follow(site, setLive) : () => {};
    };
    setLive(null);
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      stop();
    };
  }, [site]);
  return live;
}
