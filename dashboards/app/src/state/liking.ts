/** How somebody who is signed in likes the page. Kept in their browser; of holders of share links nothing is kept. */
import * as store from './store.ts';

type Liking = 'theme' | 'lang';
const KEY = (what: Liking): string => `headcount_dashboard_${what}`;

/** Absent where storage is forbidden: then a choice lasts as long as the page. */
function stored(what: Liking): string {
  try {
    return localStorage.getItem(KEY(what)) ?? '';
  } catch {
    return '';
  }
}

/** Shows it that way from now on. */
export function remember(what: Liking, value: string): void {
  // What the address says goes before what is remembered. Of guests nothing is kept, so their address has it.
  const guest = store.isGuest.peek();
  const { frame } = store.view.peek();
  const inAddress = guest ? value : '';
  if (frame[what] !== inAddress) store.go({ frame: { ...frame, [what]: inAddress } }, 'replace');
  store.like({ [what]: value });
  if (guest) return;
  try {
    if (value) localStorage.setItem(KEY(what), value);
    else localStorage.removeItem(KEY(what));
  } catch {
    // It lasts as long as the page.
  }
}

/** What was chosen before. */
export function recall(): void {
  if (!store.isGuest.peek()) store.like({ theme: stored('theme'), lang: stored('lang') });
}
