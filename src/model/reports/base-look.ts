import type { CheckResult } from '../evidence/check.ts';
import type { AbsolutePath } from '../ids.ts';
import type { PlannedCheck } from '../plan.ts';

/** Set-up and checks on the base, before anything is spent. */
export interface BaseLook {
  /** Why set-up failed, so that no check could run; empty: it did not, or did not have to run. */
  readonly failure: string;
  /** In the plan's order. */
  readonly checks: readonly LookedCheck[];
}

export interface LookedCheck {
  readonly planned: PlannedCheck;
  readonly result: CheckResult;
  /** Known from before, not run again. */
  readonly known: boolean;
  /** The program that is not installed; null: none that is known of. */
  readonly missing: string | null;
  /** It could not run because its command waits for files to change and never ends. */
  readonly watches: boolean;
  /** Its output. */
  readonly log: AbsolutePath;
}

/**
 * Whether something could not run that should have: set-up, or a check for another reason than a script that the variants may be there to
 * write.
 */
export function isStuck({ failure, checks }: BaseLook): boolean {
  return failure !== '' || checks.some((check) => check.result.status === 'could-not-run' && !isToBeWritten(check));
}

/** Its script is not in the base, or may not be run there yet. */
export function isToBeWritten({ result, missing }: LookedCheck): boolean {
  const noProgram = result.exitCode === 126 || result.exitCode === 127;
  return result.status === 'could-not-run' && noProgram && missing === null;
}
