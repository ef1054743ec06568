/** The live report. */
import { counted, plain, plural } from '../plural.ts';

const pageviews = (n: number): string => counted(n, { one: 'pageview', other: 'pageviews' });

const live = {
  title: 'Live',
  now: (n: number) => plural(n, { one: 'visitor now', other: 'visitors now' }),
  nowMeaning: 'Different visitors of the last five minutes',
  views: (n: number) => `${pageviews(n)} in the last 30 minutes`,
  minutes: 'Pageviews by minute',
  minutesLabel: (n: number) => `Pageviews by minute, ${plain(n)} in the last 30 minutes`,
  minute: 'Minute',
  thisMinute: 'this minute',
  pageviews: 'Pageviews',
  connecting: 'Connecting …',
  lost: 'The connection is lost; trying again.',
  on: 'Live',
  pages: 'Pages today',
  sources: 'Sources today',
  countries: 'Countries today',
  pagesNow: 'Pages, last 30 minutes',
  sourcesNow: 'Sources, last 30 minutes',
  countriesNow: 'Countries, last 30 minutes',
  fewNow: 'Nothing that enough visitors share.',
  nowNote: 'Half an hour is often one person: values of the last 30 minutes are shown when enough visitors share them, and renewed once a minute. Below is the whole day.',
  nobody: 'Nobody was here in the last 30 minutes.',
  waiting: 'Waiting for the first visitor …',
  paste: 'Paste this line into the head of every page. The first visitor shows up here within seconds; no reload is needed.',
};

export default live;
