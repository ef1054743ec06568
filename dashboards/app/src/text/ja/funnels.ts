/** ファネルのレポート。 */
import type english from '../en/funnels.ts';
import { plain } from '../plural.ts';

const people = (n: number): string => `${plain(n)}人`;

const text: typeof english = {
  title: 'ファネル',
  choose: 'このサイトのファネル',
  add: '新しいファネル',
  copyOf: 'このステップから新規作成',
  remove: '削除',
  removeOne: (name) => `ファネル ${name} を削除`,
  removeTitle: (name) => `「${name}」を削除しますか？`,
  removeWhat: '今後は計測されず、これまでの計測結果も表示されなくなります。定義し直したファネルは0から始まります。目標は残ります。',
  keep: '残す',
  summary: (share, n) => `開始した${people(n)}のうち${share}が最後まで到達しました。`,
  steps: (name) => `${name}のステップ`,
  step: 'ステップ',
  ofStart: '最初のステップ比',
  ofBefore: '前のステップ比',
  lost: '手前で離脱',
  visitors: '訪問者数',
  people,
  wentOn: (share, lost) => `${share}が次へ進み、${people(lost)}が離脱`,
  since: (day) => `訪問者は1日・1ステップにつき1回だけ数えます。ステップは同じ日のうちに続くものが対象です。ファネルを定義した${day}以降に届いたものを数えています。`,
  notFiltered: 'ファネルは全体で計測しています。フィルターの影響は受けません。',
  nobody: 'この期間に最初のステップへ進んだ人はいません',
  nobodyWhy: (step) => `このファネルは目標「${step}」から始まります。訪問者が到達すると、すぐにここに数値が表示されます。ファネルを定義する前の行動は、ステップごとにはわかりません。`,
  none: 'ファネルがまだありません',
  noneWhy: 'ファネルとは、訪問者にたどってほしい道筋、つまり順番に並べた目標です。定義すると、各ステップに何人が到達し、どこで離脱するかがここに表示されます。',
  noneHow: 'ステップはサイトの目標です。コマンドラインでは：',
  noneGuest: 'このサイトにはファネルがありません。',
  noGoals: 'ファネルには目標が2つ必要ですが、このサイトには足りません。目標はページまたは機能です。先に定義してください。',
  noGoalsHow: '「目標」のページ、またはコマンドラインで：',
  name: '名前',
  nameHint: '料金から購入まで',
  order: 'ステップ（順番どおり）',
  stepLabel: (n) => `ステップ${plain(n)}`,
  chooseGoal: '目標を選択…',
  up: (n) => `ステップ${plain(n)}を上へ移動`,
  down: (n) => `ステップ${plain(n)}を下へ移動`,
  drop: (n) => `ステップ${plain(n)}を削除`,
  moved: (name, n) => `${name}はステップ${plain(n)}になりました`,
  addStep: 'ステップを追加',
  most: 'ステップは8つまでです。',
  twice: '同じ目標は一度だけステップにできます。',
  fromNow: '計測は今から始まります。ファネルは後から変更できません。前後でステップの意味が変わってしまうためです。',
  save: '計測を開始',
  cancel: 'キャンセル',
};

export default text;
