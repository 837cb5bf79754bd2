import type { SharedFlags } from '../config/shared-options.ts';
import type { BranchName, RunId } from '../model/ids.ts';

/** The options of the command line about a plan; absent means not said. Durations in ms, money in US dollars. */
export interface PlanFlags extends SharedFlags {
  /** The run's id, taken literally: a taken one is a problem, not a reason for `name-2`. */
  readonly name?: RunId;
  /** Read by the survey, which resolves it. */
  readonly base?: string;
  readonly target?: BranchName;
  readonly concurrency?: number;
  readonly totalBudgetUsd?: number;
  /** Nobody watches; what the file says comes first. */
  readonly unattended?: boolean;
  /** In addition to what the files allow. */
  readonly allowedTools?: readonly string[];
}
