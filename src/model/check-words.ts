import { type CheckResult, type Standing, standingOf, type TestNames } from './check.ts';
import { unreachable } from './errors.ts';

/* How a check's standing reads: one definition for ranking, tables, merge and pages. Names are as they came; views make them visible. */

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

/** What a check says about a variant as a clause: `breaks test: parse keeps order`, `fixes 3 tests of test`. Empty: it passes as on the base. */
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

/** `parse keeps order`, `3 tests of test`. */
function testsOf({ count, names }: TestNames, check: string): string {
  if (count <= SHOWN && names.length === count) return names.map((name) => `\`${name}\``).join(', ');
  return `${count} tests of ${check}`;
}

/** `fixed 3, broke 1: parse keeps order; 2 gone`: everything that the report tells, on one line; empty where it tells nothing. */
export function testsLine({ tests }: CheckResult): string {
  if (tests === undefined) return '';
  const parts = [
    ...(tests.fixed.count > 0 ? [`fixed ${tests.fixed.count}`] : []),
    ...(tests.broke.count > 0 ? [counted(tests.broke, 'broke')] : []),
    ...(tests.stillFails.count > 0 ? [`${tests.stillFails.count} still fail`] : []),
    ...(tests.gone.count > 0 ? [`${tests.gone.count} gone`] : []),
    ...(tests.flaky.count > 0 ? [counted(tests.flaky, 'flaky')] : []),
  ];
  return parts.join(', ');
}
