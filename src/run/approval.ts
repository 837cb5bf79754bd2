import { approvalLine, planTrust } from '../config/trust/plan-approval.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment } from '../system/environment.ts';

/** Throws `CopseError` `not-trusted` (exit 3) where no approval covers what the plan runs and grants now: nothing of it may be launched. */
export async function requireApproval(plan: Plan, environment: Environment): Promise<void> {
  const trust = await planTrust(plan, environment);
  if (trust.approved) return;
  throw new CopseError({
    code: 'not-trusted',
    exit: EXIT.precondition,
    what: `The commands of run ${plan.run} are no longer approved.`,
    hint: `Review them: ${approvalLine(plan, trust)}`,
  });
}
