/** Where the report of the address is shown: loads it, says when that failed. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/request.ts';
import { Problem } from '../part/Problem.tsx';
import { loadReport, reportAt } from '../report/registry.ts';
import * as store from '../state/store.ts';
import { t } from '../text/words.ts';

export function ReportPlace() {
  const { site, report: path } = store.view.value;
  const report = reportAt(path);
  const [shown, setShown] = useState<{ id: string; Component: ComponentType }>();
  const [failed, setFailed] = useState(0);
  const [tries, setTries] = useState(1);
  useEffect(() => {
    if (!report) return;
    let wanted = true;
    loadReport(report.id).then(
      (Component) => wanted && setShown({ id: report.id, Component }),
      () => wanted && setFailed(tries),
    );
    return () => void (wanted = false);
  }, [report?.id, tries]);

  if (!report || (store.onlyReads.value && !report.shared)) return <p class="empty">{t().noSuchReport}</p>;
  if (failed === tries) {
    const error = new ApiError(0, 'report', t().reportFailed);
    return <Problem error={error} again={() => setTries(tries + 1)} />;
  }
  if (shown?.id !== report.id) return <div class="report-place" aria-busy="true" />;
  // Another site is another report: nothing of the one before may stay.
  return <shown.Component key={site} />;
}
