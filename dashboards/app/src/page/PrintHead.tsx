/** The head of the printed page, where menus say nothing: which site, which report, which days, which filter. */
import { filterText, periodText } from '../part/about.ts';
import { reportAt } from '../report/registry.ts';
import * as store from '../state/store.ts';
import { t } from '../text/words.ts';

export function PrintHead() {
  const { site, report: path } = store.view.value;
  const report = reportAt(path);
  if (!site || !report) return null;
  const parts = [site, t().reports[report.id], ...(report.dated ? [periodText(), filterText()] : [])];
  return <p class="print-head">{parts.filter(Boolean).join(' · ')}</p>;
}
