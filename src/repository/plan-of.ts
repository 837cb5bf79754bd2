import type { Plan } from '../model/plan.ts';
import { readPlan } from '../store/events/run-snapshot.ts';
import type { RunPaths } from '../store/layout.ts';

/** The plan that a run executes. */
export function planOf(paths: RunPaths): Promise<Plan> {
  return readPlan(paths);
}
