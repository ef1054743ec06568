/** The live report. */
const live = {
  title: 'Live',
  now: 'visitors now',
  nowOne: 'visitor now',
  nowMeaning: 'Different visitors of the last five minutes',
  views: (n: string) => `${n} pageviews in the last 30 minutes`,
  minutes: 'Pageviews by minute',
  minutesLabel: (n: string) => `Pageviews by minute, ${n} in the last 30 minutes`,
  minute: 'Minute',
  thisMinute: 'this minute',
  pageviews: 'Pageviews',
  connecting: 'Connecting …',
  lost: 'The connection is lost; trying again.',
  on: 'Live',
  pages: 'Pages today',
  sources: 'Sources today',
  countries: 'Countries today',
  today: 'Which pages are looked at is counted by the hour and the day, not by the minute: the lists are those of today, and follow along.',
  nobody: 'Nobody was here in the last 30 minutes.',
  waiting: 'Waiting for the first visitor …',
  paste: 'Paste this line into the head of every page. The first visitor shows up here within seconds; no reload is needed.',
};

export default live;
