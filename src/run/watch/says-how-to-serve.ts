import { CopseError } from '../../model/errors.ts';
import { planOf } from '../../repository/plan-of.ts';
import type { RunPaths } from '../../store/layout.ts';

/** Whether the plan of a run says how its variants are shown running. */
export async function saysHowToServe(paths: RunPaths): Promise<boolean> {
  try {
    return (await planOf(paths)).serve !== null;
  } catch (error) {
    // A hint is not worth an error: whoever needs the plan says that it cannot be read.
    if (error instanceof CopseError) return false;
    throw error;
  }
}
