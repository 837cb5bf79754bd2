import { isPlanApproved } from '../config/trust/plan-approval.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment } from '../system/environment.ts';

/** Throws `CopseError` `not-trusted` (exit 3) where no approval covers what the plan runs and grants now: nothing of it may be launched. */
export async function requireApproval(plan: Plan, environment: Environment): Promise<void> {
  if (await isPlanApproved(plan, environment)) return;
  throw new CopseError({
    code: 'not-trusted',
    exit: EXIT.precondition,
    what: `What run ${plan.run} wants to run is not approved any more.`,
    why: 'Its approval was taken back, its record was changed, or another copse wrote it.',
    hint: `Look at it, and approve it: copse trust --run ${plan.run}`,
  });
}
