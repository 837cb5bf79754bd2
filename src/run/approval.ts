import { trustStore } from '../config/trust/trust-store.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { fileFlag } from '../model/file-flag.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment } from '../system/environment.ts';

/** Whether a person's approval of what the plan runs and grants still stands: it may have been taken back since it was made. */
export async function isApproved(plan: Plan, environment: Environment): Promise<boolean> {
  return !plan.trust.needed || trustStore(environment).isApproved(plan.trust.hash);
}

/** Throws `CopseError` `not-trusted` (exit 3) where it does not: nothing of the plan may be launched. */
export async function requireApproval(plan: Plan, environment: Environment): Promise<void> {
  if (await isApproved(plan, environment)) return;
  throw new CopseError({
    code: 'not-trusted',
    exit: EXIT.precondition,
    what: `The commands of run ${plan.run} are no longer approved.`,
    hint: `Review them: copse trust${fileFlag(plan)}`,
  });
}
