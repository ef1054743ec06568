/** ダッシュボードの前のページ：ログイン、最初のパスワード、共有リンクのパスワード。 */
import type english from '../en/sign_in.ts';
import { plain } from '../plural.ts';

const text: typeof english = {
  failed: '問題が発生しました。もう一度お試しください。',
  wrong: 'ユーザー名とパスワードが一致しません。',
  wrongPassword: 'パスワードが違います。',
  tooMany: (seconds) => `試行回数が多すぎます。${plain(seconds)}秒後にもう一度お試しください。`,
  linkUsed: 'このリンクは使用済みか、期限が切れています。パスワードでログインしてください。',
  user: 'ユーザー名',
  password: 'パスワード',
  signIn: 'ログイン',
  forgot: 'お忘れですか？サーバーで次を実行すると新しく設定できます：',
  welcome: (user) => `ようこそ。${user} のパスワードを決めてください。`,
  newPassword: '新しいパスワード',
  rule: (length) => `${length}文字以上。無作為な単語をいくつか並べるのがおすすめです。`,
  setPassword: 'パスワードを設定してログイン',
  locked: 'このダッシュボードにはパスワードが必要です。',
  open: '開く',
};

export default text;
