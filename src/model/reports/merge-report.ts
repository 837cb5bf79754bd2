import type { CheckResult } from '../evidence/check.ts';
import type { AbsolutePath, BranchName, CommitId, RunId, VariantName } from '../ids.ts';
import type { MergeMethod, OperationId } from '../operation.ts';
import type { Changes } from '../outcome.ts';

interface OfMerge {
  readonly run: RunId;
  readonly variant: VariantName;
  /** What a person types for it: `dark`, or `ui-2/dark`. */
  readonly label: string;
}

/** A variant that is on the target now, or would be. */
export interface MergeLanded extends OfMerge {
  readonly branch: BranchName;
  readonly tip: CommitId;
  /** The target's commit right after the merge. In a dry run it is made and nothing names it. */
  readonly commit: CommitId;
  readonly subject: string;
  /** Against the target before it. */
  readonly changes: Changes;
  /** On the result's tree; `onBase`: on the target. None where there are none, or the person chose so. */
  readonly checks: readonly CheckResult[];
  /** Hooks of the person that ran, by name. */
  readonly hooks: readonly string[];
  readonly signed: boolean;
  /** How many files of its work lie in its worktree and are not in what lands; missing: none. */
  readonly beside?: number;
  /** Worth knowing, one sentence each. */
  readonly notes: readonly string[];
}

/** One path that two sides changed. Subjects of the newest commits first, a few. */
export interface MergeConflict {
  readonly path: string;
  readonly onTarget: readonly string[];
  readonly ofVariant: readonly string[];
}

/** A variant that did not land, and why. */
export interface MergeRefused extends OfMerge {
  /** Stable, kebab-case: `conflict`, `checks-fail`, `uncommitted` … */
  readonly code: string;
  readonly what: string;
  readonly why: string;
  /** What to do; commands stand in lines of their own. */
  readonly hint: string;
  /** Set where the hint is long and the same for others that are refused for this, but for their names: people see it once. */
  readonly ways?: 'conflict';
  /** A precondition (exit 3), not something that the merge found out (exit 1). */
  readonly precondition: boolean;
  readonly conflicts: readonly MergeConflict[];
  readonly checks: readonly CheckResult[];
  /** Output of a hook or check that failed, the end of it. */
  readonly output: string;
}

/** A variant whose work is on the target already. */
export interface MergeAlready extends OfMerge {
  readonly why: string;
}

/** What a merge did, or in a dry run would do. */
export interface MergeReport {
  readonly target: BranchName;
  readonly from: CommitId;
  /** Equal to `from` where nothing landed. */
  readonly to: CommitId;
  readonly as: MergeMethod;
  readonly dryRun: boolean;
  readonly noVerify: boolean;
  /** null: nothing landed, or a dry run. */
  readonly operation: OperationId | null;
  /** Worktrees whose files followed the target. */
  readonly checkouts: readonly AbsolutePath[];
  /** In the order in which they landed. */
  readonly landed: readonly MergeLanded[];
  readonly already: readonly MergeAlready[];
  readonly refused: readonly MergeRefused[];
  readonly notes: readonly string[];
}
