import type { BranchName, RunId } from '../model/ids.ts';
import type { Isolation } from '../model/outcome.ts';

/** What a person may say on the command line about a plan; absent means not said. Durations in ms, money in US dollars. */
export interface PlanFlags {
  /** The run's id, taken literally: a taken one is a problem, not a reason for `name-2`. */
  readonly name?: RunId;
  /** Read by the survey, which resolves it. */
  readonly base?: string;
  readonly target?: BranchName;
  readonly isolation?: Isolation;
  readonly concurrency?: number;
  readonly model?: string;
  readonly effort?: string;
  readonly budgetUsd?: number;
  readonly totalBudgetUsd?: number;
  readonly timeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly maxTurns?: number;
  readonly retries?: number;
  /** In addition to what the files allow. */
  readonly allowedTools?: readonly string[];
}
