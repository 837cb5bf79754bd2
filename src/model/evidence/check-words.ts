import { unreachable } from '../errors.ts';
import type { CheckEvidence } from '../reports/evidence.ts';
import { type CheckResult, isHollow, isWeak, type Standing, standingOf, type TestNames } from './check.ts';

/* The wording of a check's standing: one definition for ranking, tables, merge and pages. Names are unchanged; views make them safe. */

const SHOWN = 3;

/** `3`, or `1: parse keeps order`: few enough are named. */
function counted({ count, names }: TestNames, word: string): string {
  const [first] = names;
  return count === 1 && first !== undefined ? `${word} 1: ${first}` : `${word} ${count}`;
}

/** A cell of the table: `fixed 3, broke 1`, `✔` is the view's. Empty: passed, with nothing to add. */
export function standingWord(check: CheckResult): string {
  const { tests } = check;
  const standing = standingOf(check);
  if (tests !== undefined && (tests.fixed.count > 0 || tests.broke.count > 0)) {
    const parts = [
      ...(tests.fixed.count > 0 ? [`fixed ${tests.fixed.count}`] : []),
      ...(tests.broke.count > 0 ? [`broke ${tests.broke.count}`] : []),
    ];
    return parts.join(', ');
  }
  switch (standing) {
    case 'broke':
      return check.status === 'timed-out' ? 'timed out' : 'broke';
    case 'unknown':
      return unknownWord(check);
    case 'still-fails':
      return check.own === 'passed' ? 'still fails (own: passes)' : 'still fails';
    case 'passed':
      return '';
    case 'fixed':
      return 'fixed';
    default:
      return unreachable(standing);
  }
}

/** Why nothing is known. */
function unknownWord({ status, onBase }: CheckResult): string {
  if (status === 'could-not-run') return 'could not run';
  if (status === 'skipped') return 'not run';
  if (status === 'timed-out') return 'timed out';
  return onBase === null
    ? 'fails, base not known'
    : onBase === 'timed-out'
      ? 'fails, base timed out'
      : 'fails, base could not run';
}

/** The result of a check on a variant as a clause: `breaks test: parse keeps order`, `fixes 3 tests of test`. Empty: it passes as on the base. */
export function checkClause(check: CheckResult): string {
  const { name, tests } = check;
  const standing: Standing = standingOf(check);
  switch (standing) {
    case 'broke':
      if (tests !== undefined && tests.broke.count > 0) return `breaks ${testsOf(tests.broke, name)}`;
      return check.status === 'timed-out' ? `${name} times out` : `breaks ${name}`;
    case 'unknown':
      return `${name} ${unknownClause(check)}`;
    case 'still-fails':
      if (check.status === 'passed')
        return `fixes nothing: ${testsOf(tests?.silenced ?? NONE, name)} no longer ${tests?.silenced.count === 1 ? 'runs' : 'run'}`;
      return check.own === 'passed'
        ? `${name} still fails with the tests as they were, and passes only with its own`
        : `${name} still fails`;
    case 'passed':
      return '';
    case 'fixed':
      return tests !== undefined && tests.fixed.count > 0 ? `fixes ${testsOf(tests.fixed, name)}` : `fixes ${name}`;
    default:
      return unreachable(standing);
  }
}

function unknownClause(check: CheckResult): string {
  const word = unknownWord(check);
  return word === 'not run' ? 'was not run' : word;
}

const NONE: TestNames = { count: 0, names: [] };

/** `parse keeps order`, `3 tests of test`. */
function testsOf({ count, names }: TestNames, check: string): string {
  if (count <= SHOWN && names.length === count) return names.map((name) => `\`${name}\``).join(', ');
  return `${count} tests of ${check}`;
}

/** `fixed 3, broke 1: parse keeps order; 2 gone`: everything in the report, on one line; empty if there is nothing. */
export function testsLine({ tests }: CheckResult): string {
  if (tests === undefined) return '';
  const parts = [
    ...(tests.fixed.count > 0 ? [`fixed ${tests.fixed.count}`] : []),
    ...(tests.broke.count > 0 ? [counted(tests.broke, 'broke')] : []),
    ...(tests.stillFails.count > 0 ? [`${tests.stillFails.count} still fail`] : []),
    ...(tests.gone.count + tests.silenced.count > 0 ? [`${tests.gone.count + tests.silenced.count} gone`] : []),
    ...(tests.flaky.count > 0 ? [counted(tests.flaky, 'flaky')] : []),
  ];
  return parts.join(', ');
}

/** The result of a check on a variant, and why, on one line: `breaks test: 2 of 48 fail`. Empty: it passes as on the base. */
export function checkLine(check: CheckResult): string {
  const { tests, detail } = check;
  const clause = checkClause(check);
  if (clause === '' || standingOf(check) === 'fixed' || isHollow(check)) return clause;
  const line = testsLine(check);
  const why = tests === undefined || line === '' ? detail : line;
  const named = tests !== undefined && tests.broke.count > 0;
  return named || why === '' || check.status === 'skipped' ? clause : `${clause}: ${why}`;
}

/**
 * Sentences about a check on a variant; none if it passes as on the base and nothing weakens that.
 * `base`: the branch that the base is on.
 */
export function checkSentences(label: string, check: CheckEvidence, base: string): string[] {
  const { name, tests, flaky, reportProblem } = check;
  const own = list(check.changedFiles);
  return [
    ...standingSentence(label, check, base),
    ...(isWeak(check) ? [`${label} changed ${own}, which ${name} runs: that pass is weaker evidence.`] : []),
    ...(tests !== undefined && tests.gone.count > 0 ? [`${label} no longer runs ${testsOf(tests.gone, name)}.`] : []),
    ...(tests !== undefined && tests.flaky.count > 0
      ? [`In ${label} ${counted(tests.flaky, 'flaky')}: passed and failed on the same files.`]
      : []),
    ...(flaky === undefined
      ? []
      : [`${name} of ${label} is flaky: ${flaky.failed} of ${flaky.runs} runs on the same files failed.`]),
    ...(reportProblem === undefined ? [] : [`${name} of ${label}: ${reportProblem}`]),
  ];
}

function standingSentence(label: string, check: CheckEvidence, base: string): string[] {
  const { name, tests, changedFiles } = check;
  const clause = checkClause(check);
  if (clause === '') return [];
  if (isHollow(check)) {
    const files = changedFiles.length === 0 ? 'files' : list(changedFiles);
    return [
      `${label} passes ${name} only with its own ${files}: with ${changedFiles.length === 1 ? 'that' : 'those'} as on ${base} it still fails.`,
    ];
  }
  if (standingOf(check) === 'fixed') {
    const all = tests !== undefined && tests.fixed.count > 1 && tests.stillFails.count + tests.broke.count === 0;
    return [all ? `${label} fixes all ${tests.fixed.count} failing tests of ${name} and breaks none.` : `${label} ${clause}.`];
  }
  const sentence = `${label}${startsWithName(check) ? ':' : ''} ${checkLine(check)}`;
  return [/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`];
}

/** `test could not run`, `test still fails`: the clause's subject is the check, not the variant. */
function startsWithName(check: CheckResult): boolean {
  return !/^(?:breaks|fixes) /.test(checkClause(check));
}

function list(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return names.length <= SHOWN + 1 ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${rest} more`;
}
