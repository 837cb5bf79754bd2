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
  /** Whether somebody supervises the run, or nobody can tell. */
  readonly alive: boolean;
  readonly name: VariantName;
  /** What is typed for it: `dark`, or `ui-2/dark`. */
  readonly label: string;
}

/** With what was typed: every way out repeats it, so that what is pasted lands where the person meant it. */
export interface MergeOptions extends MergeTyped {
  readonly repository: Repository;
  readonly store: Store;
  readonly clock: Clock;
  /** The person's, whole. */
  readonly environment: Environment;
  readonly portRegistry: AbsolutePath;
  /** Aborts the rehearsal: everything is as it was then. What is about to land lands. */
  readonly signal: AbortSignal;
  /** In the order named. */
  readonly variants: readonly ToMerge[];
  readonly dryRun: boolean;
  /** What was typed. */
  readonly command: string;
  /** Whether the approval of what a plan executes stands. */
  readonly approved: (plan: Plan) => Promise<boolean>;
  /** The editor is about to open, or has closed: an interrupt is the editor's meanwhile. */
  readonly onEditor: (open: boolean) => void;
  /** What runs now: `test of dark on main`. */
  readonly onProgress: (doing: string) => void;
  /** A sentence about something that an earlier command left. */
  readonly onNote: (sentence: string) => void;
}

/** Where everything lands. */
export interface Onto {
  readonly branch: BranchName;
  /** Where it was when this began. */
  readonly from: string;
}

/** An Error where its run has none of that name: callers found it there. */
export function variantOf({ state, name }: ToMerge): VariantState {
  const found = state.variants.find((variant) => variant.name === name);
  if (found === undefined) throw new Error(`run ${state.id} has no variant ${name}`);
  return found;
}
