import type { CheckEvidence, MetricEvidence, VariantEvidence } from '../model/evidence.ts';

export const bases = (runs: readonly string[]): string =>
  `Started from another base: ${runs.join(', ')}. Their figures are not about the same thing.`;
export const behind = (target: string, commits: number, remote: string): string =>
  `${target} is ${commits} ${commits === 1 ? 'commit' : 'commits'} behind ${remote}: whether a variant merges is said of ${target} as it is here.`;
export const columns = {
  rank: '',
  name: '',
  checks: 'checks',
  files: 'files',
  lines: 'lines',
  merges: 'merges',
  cost: 'cost',
  time: 'time',
} as const;
export const clash = (a: string, b: string, files: string): string => `${a} and ${b} clash in ${files}`;
export const noClash = 'Any two of them merge without a conflict.';
export const agree = (variants: string, places: number, files: number): string =>
  `${variants} made ${places} ${places === 1 ? 'change' : 'changes'} alike in ${files} ${files === 1 ? 'file' : 'files'}`;
export const judgeSays = (label: string, mean: string, reasons: string): string => `${label} ${mean} of 10: ${reasons}`;
export const judgeFailed = (why: string): string => `The judge gave no verdict: ${why}`;
export const judgeDisagrees = (labels: string): string => `Asked again in reversed order it scored differently: ${labels}`;
export const judgeLeftOut = (paths: string): string => `It did not see, for length: ${paths}`;
export const conflictsWith = (target: string, files: string): string => `does not merge into ${target}: ${files}`;
export const changedItsChecks = (names: string): string =>
  `changed what ${names} ${names.includes(',') ? 'run' : 'runs'}: look before you believe it`;
export const uncommitted = (files: string): string => `not committed: ${files}`;
export const failsOnBase = (text: string): string => `${text} (on the base too)`;
export const missingMetric = (name: string, why: string): string => `${name}: no value${why === '' ? '' : `, ${why}`}`;
export const equalRanks = 'Equal marks mean: nothing tells them apart.';

/** At most five names, then how many more. */
export function few(names: readonly string[], most = 5): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

export function checkWord(check: CheckEvidence): string {
  const word =
    check.status === 'passed'
      ? 'passes'
      : check.status === 'failed'
        ? 'fails'
        : check.status === 'timed-out'
          ? 'timed out'
          : 'did not run';
  const text = `${check.name} ${word}${check.detail === '' || check.status === 'passed' ? '' : `: ${check.detail}`}`;
  return check.onBase === 'failed' || check.onBase === 'timed-out' ? failsOnBase(text) : text;
}

export function passedOf({ checks }: Pick<VariantEvidence, 'checks'>): string {
  return checks.length === 0 ? '' : `${checks.filter(({ status }) => status === 'passed').length}/${checks.length}`;
}

/** `412 kB`; the best of all is marked with a star, so that colour is not needed. */
export function metricWord(metric: MetricEvidence | undefined, star: string): string {
  if (metric === undefined || metric.value === null) return '';
  const value = String(Number(metric.value.toPrecision(6)));
  return `${value}${metric.unit === null ? '' : ` ${metric.unit}`}${metric.best ? star : ''}`;
}

export function mergesWord(variant: Pick<VariantEvidence, 'merges' | 'changes'>): string {
  if (variant.merges === null || variant.changes.files === 0) return '';
  return variant.merges.clean ? 'clean' : `${variant.merges.conflicts.length} conflicts`.replace(/^1 conflicts$/, '1 conflict');
}
