/** The journeys report. */
import { counted } from '../plural.ts';

const visits = (n: number): string => counted(n, { one: 'visit', other: 'visits' });

const journeys = {
  title: 'Journeys',
  flow: 'From the first page of a visit to the third',
  ways: 'Which ways',
  allWays: 'All visits',
  starting: (page: string) => `Starting at ${page}`,
  leading: (page: string) => `Leading to ${page}`,
  columns: ['First page', 'Second page', 'Third page'],
  visits,
  morePages: (n: number) => counted(n, { one: 'more page', other: 'more pages' }),
  link: (from: string, to: string, n: number) => `${from} → ${to}: ${visits(n)}`,
  said: (pages: string) => `Ways of visits, from the first page to the third. Most begin on ${pages}.`,
  rare: (n: number) => `${visits(n)} of more than one page went ways that too few visitors share to be shown.`,
  drawRare: 'Draw them as “Other”',
  onlyRare: 'Every way was too rare to be shown. Only ways that enough visitors share on a day are kept.',
  first: 'First → second page',
  second: 'Second → third page',
  from: 'From',
  to: 'To',
  times: 'Times',
  page: 'Page',
  around: 'Around a page',
  after: (page: string) => `After ${page}`,
  before: (page: string) => `Before ${page}`,
  afterNote: 'Other: pages that too few visitors went to, and the same page again. Visits that ended here are not in it.',
  beforeNote: 'Other: pages that too few visitors came from, and the same page again. Visits that began here are not in it.',
  noAfter: 'Nothing came after this page in this period.',
  noBefore: 'Nothing came before this page in this period.',
  choose: 'Show what comes before and after this page',
  notFiltered: 'Journeys are counted as a whole: the filter changes nothing here.',
  none: 'No visit of more than one page in this period',
  noneWhy: 'A journey is a pair: a page and the one looked at next in the same visit. Nothing needs to be set up. The tracker counts pages, and views of single-page apps, by itself:',
  noneApps: 'An app sends its screens, with an id that holds for a day:',
};

export default journeys;
