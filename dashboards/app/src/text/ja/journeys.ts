/** ジャーニーのレポート。 */
import type english from '../en/journeys.ts';
import { plain } from '../plural.ts';

const visits = (n: number): string => `${plain(n)}回`;

const text: typeof english = {
  title: 'ジャーニー',
  flow: '訪問の最初のページから3ページ目まで',
  ways: '表示する経路',
  allWays: 'すべての訪問',
  starting: (page) => `${page} から`,
  leading: (page) => `${page} まで`,
  columns: ['1ページ目', '2ページ目', '3ページ目'],
  visits,
  morePages: (n) => `ほか${plain(n)}ページ`,
  link: (from, to, n) => `${from} → ${to}：${visits(n)}`,
  said: (pages) => `訪問の1ページ目から3ページ目までの経路です。多くは ${pages} から始まります。`,
  rare: (n) => `2ページ以上の訪問のうち${visits(n)}は、たどった訪問者が少なすぎて表示できない経路でした。`,
  drawRare: '「その他」として表示',
  onlyRare: 'どの経路もまれすぎて表示できません。1日に十分な数の訪問者がたどった経路だけを保存しています。',
  first: '1 → 2ページ目',
  second: '2 → 3ページ目',
  from: '移動元',
  to: '移動先',
  times: '回数',
  page: 'ページ',
  around: 'ページの前後',
  after: (page) => `${page} の後`,
  before: (page) => `${page} の前`,
  afterNote: 'その他：移動した訪問者が少なすぎるページと、同じページの再表示です。ここで終わった訪問は含みません。',
  beforeNote: 'その他：移動してきた訪問者が少なすぎるページと、同じページの再表示です。ここから始まった訪問は含みません。',
  noAfter: 'この期間、このページの後に見られたページはありません。',
  noBefore: 'この期間、このページの前に見られたページはありません。',
  choose: 'このページの前後を表示',
  notFiltered: 'ジャーニーは全体で計測しています。フィルターの影響は受けません。',
  none: 'この期間に2ページ以上の訪問はありません',
  noneWhy: 'ジャーニーとは、あるページと、同じ訪問で次に見られたページの組です。設定は不要です。トラッカーは、ページとシングルページアプリの画面遷移を自動で計測します：',
  noneApps: 'アプリは、1日だけ有効なIDとともに画面を送ります：',
};

export default text;
