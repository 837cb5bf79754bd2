import { CopseError } from '../../model/errors.ts';
import { fileFlag } from '../../model/file-flag.ts';
import { planOf } from '../../repository/plan-of.ts';
import type { RunPaths } from '../../store/layout.ts';

/** Facts that the next commands depend on besides the state of a run. */
export interface PlanHints {
  /** The plan says how variants are shown running. */
  readonly serves: boolean;
  /** ` -f other.yaml` if the run is of a file that has to be named. */
  readonly fileFlag: string;
}

export async function planHints(paths: RunPaths): Promise<PlanHints> {
  try {
    const plan = await planOf(paths);
    return { serves: plan.serve !== null, fileFlag: fileFlag(plan) };
  } catch (error) {
    // A hint is not worth an error: a command that needs the plan reports that it cannot be read.
    if (error instanceof CopseError) return { serves: false, fileFlag: '' };
    throw error;
  }
}
