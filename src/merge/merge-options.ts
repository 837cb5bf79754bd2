import type { Repository } from '../git/spawn/repository.ts';
import type { Clock } from '../model/clock.ts';
import type { AbsolutePath, BranchName, VariantName } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { RunState, VariantState } from '../model/run-state/state.ts';
import type { RunPaths, Store } from '../store/layout.ts';
import type { Environment } from '../system/environment.ts';
import type { MergeTyped } from './merge-line.ts';

/** A variant that a person named, with the run it belongs to. */
export interface ToMerge {
  readonly state: RunState;
  readonly plan: Plan;
  readonly paths: RunPaths;
  /** Whether the run has a supervisor, or that is unknown. */
  readonly alive: boolean;
  readonly name: VariantName;
  /** Its name on the command line: `dark`, or `ui-2/dark`. */
  readonly label: string;
}

/** With the typed options: every hint repeats them, so that a pasted command merges as the user meant it. */
export interface MergeOptions extends MergeTyped {
  readonly repository: Repository;
  readonly store: Store;
  readonly clock: Clock;
  /** The person's, whole. */
  readonly environment: Environment;
  readonly portRegistry: AbsolutePath;
  /** Aborts the rehearsal: everything is as it was then. A merge that has begun is finished. */
  readonly signal: AbortSignal;
  /** In the order named. */
  readonly variants: readonly ToMerge[];
  readonly dryRun: boolean;
  /** The command as typed. */
  readonly command: string;
  /** Whether the approval of a plan's commands is valid. */
  readonly approved: (plan: Plan) => Promise<boolean>;
  /** The editor is about to open, or has closed: an interrupt is the editor's meanwhile. */
  readonly onEditor: (open: boolean) => void;
  /** The check that runs now: `test of dark on main`. */
  readonly onProgress: (doing: string) => void;
  /** A sentence about something that an earlier command left. */
  readonly onNote: (sentence: string) => void;
}

/** The target. */
export interface Onto {
  readonly branch: BranchName;
  /** Its commit when this began. */
  readonly from: string;
}

/** An Error if its run has none of that name: callers found it there. */
export function variantOf({ state, name }: ToMerge): VariantState {
  const found = state.variants.find((variant) => variant.name === name);
  if (found === undefined) throw new Error(`run ${state.id} has no variant ${name}`);
  return found;
}
