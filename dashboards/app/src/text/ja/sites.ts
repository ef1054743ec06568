/** 新しいサイトのフォーム。 */
import type english from '../en/sites.ts';

const text: typeof english = {
  add: 'サイトを追加',
  id: 'サイト名',
  idHint: 'example.org',
  idNote: 'ページが送信する名前で、後から変更できません。ホスト名がおすすめです（英数字、ドット、ハイフン）。',
  domains: '送信を許可するホスト（任意）',
  domainsNote: 'それぞれサブドメインを含みます。空の場合、ホスト名のサイトは自身のみ、それ以外はすべてのホストを受け付けます。',
  timezone: 'タイムゾーン',
  timezoneNote: '1 日の始まりを決めます。',
};

export default text;
