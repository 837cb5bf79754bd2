import type { Evidence } from '../../src/model/evidence.ts';
import { type ReportOptions, reportParts } from '../../src/view/html/report-html.ts';

/** The report as one text. */
export function reportHtml(evidence: Evidence, o: ReportOptions): string {
  return [...reportParts(evidence, o)].join('');
}
