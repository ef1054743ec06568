/** ウェブに関する主な指標のレポート。 */
import type english from '../en/vitals.ts';
import { plain } from '../plural.ts';

const text: typeof english = {
  title: 'ウェブバイタル',
  names: {
    LCP: 'Largest Contentful Paint',
    INP: 'Interaction to Next Paint',
    CLS: 'Cumulative Layout Shift',
    FCP: 'First Contentful Paint',
    TTFB: 'Time to First Byte',
  },
  meanings: {
    LCP: 'ページの最も大きな部分が表示されるまでの時間です。',
    INP: '操作に対してページが反応するまでの時間です。',
    CLS: '見ている間に表示がどれだけずれたかを示します。',
    FCP: '何かが最初に表示されるまでの時間です。',
    TTFB: 'サーバーの応答が始まるまでの時間です。',
  },
  ratings: { good: '良好', fair: '改善が必要', poor: '不良' },
  percentile: 'ページビューの75%がこの値以下です',
  of: (good, poor) => `${good}以下は良好、${poor}超は不良`,
  samples: (n) => `${plain(n)} ページビュー`,
  samplesLabel: '計測数',
  shares: (name) => `${name}：ページビューの内訳`,
  shareOf: (rating, share) => `${rating}：${share}`,
  histogram: (name) => `${name}：値ごとのページビュー`,
  histogramTable: '分布を表で表示',
  value: '値',
  overTime: (name) => `${name}、p75の推移`,
  pages: 'ページ別のp75',
  pagesTable: 'ページとウェブバイタル',
  pagesMeaning: '報告のあったページビュー（最も多い指標のもの）',
  allPages: (n) => `${n}ページすべてを表示`,
  noPages: '1日に十分な数の訪問者がいる値を持つページはありません。',
  foldedPages: '1日の訪問者が少なすぎる値は、まれな値から順に除いています。そのため、ページビューが少ないページは実際より良く見えます。ページをクリックすると、そのページだけを表示します。',
  notMeasured: '計測なし',
  devices: 'デバイス',
  all: 'すべてのデバイス',
  oneValue: 'ウェブバイタルは1つの値でのみ絞り込めます。このフィルターはここでは外しています。',
  rights: 'パーセンタイルは、値が2倍になるごとに4つに分けた階級の件数から求めています。誤差は最大で5分の1です。個々の値は保存しません。',
  when: '各ブラウザは、ページを離れるときに読み込み1回につき1回だけ報告します。',
  about: 'この数値について',
  turnedOn: 'トラッカーに data-vitals を付けたページで計測しています：',
  none: 'ウェブバイタルがまだありません',
  noneWhy: 'トラッカーは、指定するとページの表示と反応の速さを計測します。scriptタグに data-vitals を付けてください。訪問者に負担はなく、個々の計測値は保存しません。',
  noneUnder: 'このフィルターではウェブバイタルがありません。指標とフィルターの組のうち、訪問者が少なすぎるグループは表示しません。',
};

export default text;
