import type { CheckResult } from '../evidence/check.ts';
import type { AbsolutePath, BranchName, CommitId, RunId, VariantName } from '../ids.ts';
import type { MergeMethod, OperationId } from '../operation.ts';
import type { Changes } from '../outcome.ts';

interface OfMerge {
  readonly run: RunId;
  readonly variant: VariantName;
  /** Its name on the command line: `dark`, or `ui-2/dark`. */
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
  /** On the result's tree; `onBase`: on the target. None if there are none, or the user chose so. */
  readonly checks: readonly CheckResult[];
  /** Hooks of the person that ran, by name. */
  readonly hooks: readonly string[];
  readonly signed: boolean;
  /** How many files of its work lie in its worktree and are not in the merged commit; missing: none. */
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

/** A variant that was not merged, and why. */
export interface MergeRefused extends OfMerge {
  /** Stable, kebab-case: `conflict`, `checks-fail`, `uncommitted` … */
  readonly code: string;
  readonly what: string;
  readonly why: string;
  /** What to do; commands are on their own lines. */
  readonly hint: string;
  /** Set if the hint is long and, but for names, the same for others that are refused for this: it is shown once. */
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

/** The effects of a merge, or of a dry run. */
export interface MergeReport {
  readonly target: BranchName;
  readonly from: CommitId;
  /** Equal to `from` if nothing was merged. */
  readonly to: CommitId;
  readonly as: MergeMethod;
  readonly dryRun: boolean;
  readonly noVerify: boolean;
  /** null: nothing was merged, or a dry run. */
  readonly operation: OperationId | null;
  /** Worktrees whose files followed the target. */
  readonly checkouts: readonly AbsolutePath[];
  /** In the order of the merge. */
  readonly landed: readonly MergeLanded[];
  readonly already: readonly MergeAlready[];
  readonly refused: readonly MergeRefused[];
  readonly notes: readonly string[];
}
