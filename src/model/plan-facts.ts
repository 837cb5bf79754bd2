import type { AbsolutePath, BranchName, CommitId, RunId } from './ids.ts';
import type { CopyPlan } from './plan.ts';

/** A conflicting branch, with facts that the user needs to decide. */
export interface BranchFacts {
  readonly name: BranchName;
  readonly commit: CommitId;
  /** The copse run that made it, or null. */
  readonly run: RunId | null;
  /** Its commits that are not on the base; known only for branches that may conflict. `lastAgeMs`: age of its tip. */
  readonly work?: { readonly commits: number; readonly lastAgeMs: number };
}

/** Facts about repository, agent and machine for planning. Gathered by `survey/`, plain data. */
export interface PlanFacts {
  readonly repository: {
    readonly commonDir: AbsolutePath;
    readonly root: AbsolutePath;
    readonly bare: boolean;
    /** Name for `{repo}`. */
    readonly name: string;
    /** Checked-out branch; null when detached. */
    readonly headBranch: BranchName | null;
    readonly shallow: boolean;
    readonly sparse: boolean;
    readonly submodules: boolean;
  };
  /** The wanted base, whether or not it resolves: flag, variants file, settings, current branch, `HEAD`. */
  readonly wantedBase: string;
  /** The wanted base resolved; null: there is no such commit (or no commit at all, see `unborn`). */
  readonly base: { readonly ref: string; readonly commit: CommitId } | null;
  readonly unborn: boolean;
  /** Commits that the base's remote-tracking branch has and the base has not. */
  readonly behindRemote: { readonly remote: string; readonly commits: number } | null;
  /** Uncommitted paths of the checkout, at most 100 listed. */
  readonly dirty: readonly string[];
  readonly dirtyCount: number;
  readonly branches: readonly BranchFacts[];
  /** Ids with a folder under `runs/` or with trash. */
  readonly takenRuns: readonly RunId[];
  /** Registered worktrees and whatever exists on disk below the worktree template's fixed part. */
  readonly takenPaths: readonly AbsolutePath[];
  /** Name and resolved path of each directory on the way to the worktrees that is a symlink out of the allowed place. */
  readonly worktreeRootProblem: string | null;
  readonly copy: CopyPlan & { readonly problems: readonly string[] };
  /** Required filters that cannot run in a new worktree, with how many files they are for, and what git said. */
  readonly stuckFilters: readonly { readonly driver: string; readonly files: number; readonly why: string }[];
  /** Patterns of `protect` that match no file of the base. */
  readonly unmatchedProtect: readonly string[];
  /** Lines of the repository's `.worktreeinclude`, for approval; none if there is none. */
  readonly worktreeInclude: readonly string[];
  /** `setupBytes`: what the same set-up took in a worktree of an earlier run; null: none is on record. */
  readonly disk: {
    readonly freeBytes: number;
    readonly trackedBytes: number;
    readonly reflinks: boolean;
    readonly setupBytes: number | null;
  };
  /** Programs that a runner names and PATH does not have. */
  readonly missingCommands: readonly string[];
  readonly agent: {
    /** null: not found. */
    readonly file: AbsolutePath | null;
    /** null: not found, or it does not run. */
    readonly version: string | null;
    readonly tooOld: boolean;
    /** null: cannot be found out for free. */
    readonly loggedIn: boolean | null;
    /** Flags found missing in `--help`. */
    readonly missingFlags: readonly string[];
  };
  /** `why`: the system's message if the tools are there and do not work. */
  readonly sandbox: { readonly available: boolean; readonly missing: readonly string[]; readonly why: string | null };
  /** The parts of the person's and the repository's Claude setup that do not apply. */
  readonly notUsed: readonly string[];
  readonly trustApproved: (hash: string) => boolean;
  readonly person: { readonly isRoot: boolean };
}
