import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { Plan } from '../../model/plan.ts';
import { startRun } from '../../run/watch/start-run.ts';
import type { Context } from '../command.ts';
import { type DrawnUp, soundPlan } from './planning.ts';

/** Starts the run of a plan; plans again if its id was taken in the meantime. `line`: what was typed, to be typed again. */
export function start(drawn: DrawnUp, plan: Plan, line: string, context: Context): ReturnType<typeof startRun> {
  const replan = async (run: string): Promise<Plan> => {
    if (run === plan.run) return plan;
    const again = soundPlan(await drawn.again(run));
    // What was approved, or shown, is what runs: only the names may differ.
    if (again.trust.hash === plan.trust.hash && again.base.commit === plan.base.commit) return again;
    throw new CopseError({
      code: 'plan-changed',
      exit: EXIT.precondition,
      what: 'The repository changed while the run was starting.',
      hint: `Start again: ${line}`,
    });
  };
  return startRun(drawn.here, plan, replan, context);
}
