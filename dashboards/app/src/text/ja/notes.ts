/** タイムラインのメモ。 */
import type english from '../en/notes.ts';

const text: typeof english = {
  title: 'タイムラインのメモ',
  about: 'トラフィックのグラフに表示されます。共有したグラフにも表示されます。',
  none: 'メモがまだありません。',
  day: '日付',
  text: '出来事',
  textHint: '料金ページを刷新',
  add: 'メモを追加',
  save: '保存',
  edit: '編集',
  editOne: (text) => `メモ「${text}」を編集`,
  editTitle: 'メモを編集',
  remove: '削除',
  removeOne: (text) => `メモ「${text}」を削除`,
  removeTitle: 'このメモを削除しますか？',
};

export default text;
