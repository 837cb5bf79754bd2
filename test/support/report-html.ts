import type { Evidence } from '../../src/model/reports/evidence.ts';
import { type ReportOptions, reportParts } from '../../src/view/html/report/report-html.ts';

/** The report as one text. */
export function reportHtml(evidence: Evidence, o: ReportOptions): string {
  return [...reportParts(evidence, o)].join('');
}
