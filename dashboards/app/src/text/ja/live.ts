/** リアルタイムのレポート。 */
import type english from '../en/live.ts';
import { plain } from '../plural.ts';

const text: typeof english = {
  title: 'リアルタイム',
  now: () => '人が訪問中',
  nowMeaning: '直近5分間の訪問者の人数',
  views: (n) => `過去30分間のページビュー ${plain(n)}`,
  minutes: '分ごとのページビュー',
  minutesLabel: (n) => `分ごとのページビュー、過去30分間で${plain(n)}`,
  minute: '分',
  thisMinute: '現在',
  pageviews: 'ページビュー',
  connecting: '接続中…',
  lost: '接続が切れました。再接続しています。',
  on: '受信中',
  pages: '今日のページ',
  sources: '今日の参照元',
  countries: '今日の国',
  pagesNow: '過去30分間のページ',
  sourcesNow: '過去30分間の参照元',
  countriesNow: '過去30分間の国',
  fewNow: '十分な数の訪問者に共通するものはありません。',
  nowNote: '30分間の訪問は一人だけのことも多いため、過去30分間の値は十分な数の訪問者に共通するものだけを示し、1分ごとに更新します。下は今日一日の一覧です。',
  nobody: '過去30分間の訪問はありません。',
  waiting: '最初の訪問者を待っています…',
  paste: 'この行をすべてのページのhead内に貼り付けてください。最初の訪問者は数秒でここに表示されます。再読み込みは不要です。',
};

export default text;
