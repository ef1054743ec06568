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
  today: 'どのページが見られたかは、分単位ではなく時間と日の単位で数えています。下の一覧は今日のもので、自動で更新されます。',
  nobody: '過去30分間の訪問はありません。',
  waiting: '最初の訪問者を待っています…',
  paste: 'この行をすべてのページのhead内に貼り付けてください。最初の訪問者は数秒でここに表示されます。再読み込みは不要です。',
};

export default text;
