import {
  type BaseFact,
  type CheckResult,
  type CheckStatus,
  type Standing,
  standingOf,
  type TestNames,
} from '../model/evidence/check.ts';
import { oneLine } from '../text/plain-text.ts';

/** Tests of one kind: all are counted, the first few named. */
export interface TestNamesJson {
  readonly count: number;
  readonly names: readonly string[];
}

/** The report of a check, compared with that of the base. */
export interface TestsJson {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly fixed: TestNamesJson;
  readonly broke: TestNamesJson;
  readonly stillFails: TestNamesJson;
  /** Passed on the base and are not in the report here. */
  readonly gone: TestNamesJson;
  /** Failed on the base and did not run here: nothing was fixed. */
  readonly silenced: TestNamesJson;
  readonly flaky: TestNamesJson;
}

/** A check on a variant, compared with the base. */
export interface CheckFactsJson {
  readonly name: string;
  readonly status: CheckStatus;
  /** `broke` and `unknown` keep it from being merged. */
  readonly standing: Standing;
  /** The same check on the base; null: not known. */
  readonly onBase: BaseFact | null;
  /** Cause of a failure, in one line. */
  readonly detail: string;
  /** With the variant's own version of the files that decide it, where `status` is with the base's; null: nothing had to be put back. */
  readonly own: CheckStatus | null;
  /** With these files as they were, where `status` is with the variant's; null: not looked at, or they did not change. */
  readonly former: CheckStatus | null;
  /** null: it names no report, or that could not be used. */
  readonly tests: TestsJson | null;
  /** Why its report could not be used. */
  readonly reportProblem: string | null;
  /** It passed and failed on the same files; null: all runs agreed. */
  readonly flaky: { readonly runs: number; readonly failed: number } | null;
}

const NAMED = 20;
const CHARACTERS = 300;

export function checkFactsJson(check: CheckResult): CheckFactsJson {
  const { name, status, onBase, detail, own, former, tests, reportProblem, flaky } = check;
  return {
    name,
    status,
    standing: standingOf(check),
    onBase,
    detail: bounded(detail),
    own: own ?? null,
    former: former ?? null,
    tests:
      tests === undefined
        ? null
        : {
            passed: tests.passed,
            failed: tests.failed,
            skipped: tests.skipped,
            fixed: namesJson(tests.fixed),
            broke: namesJson(tests.broke),
            stillFails: namesJson(tests.stillFails),
            gone: namesJson(tests.gone),
            silenced: namesJson(tests.silenced),
            flaky: namesJson(tests.flaky),
          },
    reportProblem: reportProblem === undefined ? null : bounded(reportProblem),
    flaky: flaky ?? null,
  };
}

function namesJson({ count, names }: TestNames): TestNamesJson {
  return { count, names: names.slice(0, NAMED).map(bounded) };
}

/** In one line, and no longer than a reader has patience for. */
export function bounded(text: string): string {
  const line = oneLine(text);
  return line.length <= CHARACTERS ? line : `${line.slice(0, CHARACTERS - 1)}…`;
}
