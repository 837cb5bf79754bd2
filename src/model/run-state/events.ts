import type { SealedAmendment } from '../amendment.ts';
import type { AttemptKind, AttemptVerdict, Fatal, ProcessIdentity } from '../attempt.ts';
import type { CheckResult } from '../evidence/check.ts';
import type { AbsolutePath, BranchName, CommitId, Instant, RefName, RunId, SessionId, TreeId, VariantName } from '../ids.ts';
import type { MergeMethod, OperationId } from '../operation.ts';
import type { Changes, Denial, HeldBack, Isolation, Outcome, Tokens } from '../outcome.ts';

/** git's reflog entry of a move. `checkout`: the main worktree, if its own reflog has the same. */
export interface RefMoveRecord {
  readonly message: string;
  readonly checkout: AbsolutePath | null;
}

/** Of every line of `events.ndjson`. `gen` is the supervisor's generation; older ones after an adoption are ignored. */
export interface Envelope {
  readonly seq: number;
  readonly at: Instant;
  readonly gen: number;
}

interface OfVariant {
  readonly variant: VariantName;
}
interface OfAttempt extends OfVariant {
  /** Counts from 1 within the variant. */
  readonly attempt: number;
}

export type RunEventBody =
  | {
      readonly type: 'run.created';
      readonly run: RunId;
      readonly planHash: string;
      readonly base: { readonly ref: string; readonly commit: CommitId };
      readonly target: BranchName | null;
      readonly isolation: Isolation;
      readonly concurrency: number;
      readonly totalBudgetUsd: number;
      readonly variants: readonly {
        readonly name: VariantName;
        readonly branch: BranchName;
        readonly worktree: AbsolutePath;
        readonly needs: readonly VariantName[];
        readonly model: string | null;
        readonly budgetUsd: number;
      }[];
    }
  | { readonly type: 'run.started'; readonly supervisor: ProcessIdentity }
  /** No new launches until `until` (a rate limit's reset), or until a person acts. */
  | { readonly type: 'run.paused'; readonly reason: string; readonly until: Instant | null }
  | { readonly type: 'run.resumed' }
  | { readonly type: 'run.stopping'; readonly reason: string; readonly fatal: Fatal | null }
  | {
      readonly type: 'run.finished';
      readonly ending: 'completed' | 'stopped' | 'fatal';
      readonly fatal: Fatal | null;
      readonly reason: string;
    }
  /** A new supervisor took over; `launches` false: it settles what ran and starts nothing new. */
  | { readonly type: 'run.adopted'; readonly supervisor: ProcessIdentity; readonly launches: boolean }
  | {
      readonly type: 'request.acknowledged';
      readonly request: string;
      readonly kind: string;
      readonly accepted: boolean;
      readonly detail: string;
    }
  | (OfVariant & { readonly type: 'variant.preparing' })
  /** It is at its start with no work of the variant: newly created, or reset for a fresh session. Or with a `tip`. */
  | (OfVariant & {
      readonly type: 'worktree.created';
      readonly path: AbsolutePath;
      readonly branch: BranchName;
      readonly start: CommitId;
      /** Ours, also in the worktree's git directory: proves identity before anything is removed. */
      readonly nonce: string;
      readonly port: number | null;
      /** It replaces a missing one, at its branch's tip: the records about it are valid. */
      readonly tip?: CommitId;
    })
  | (OfVariant & { readonly type: 'setup.started'; readonly command: string })
  | (OfVariant & {
      readonly type: 'setup.finished';
      readonly command: string;
      readonly exitCode: number | null;
      readonly durationMs: number;
      readonly detail: string;
    })
  | (OfAttempt & {
      readonly type: 'attempt.started';
      readonly kind: AttemptKind;
      readonly sessionId: SessionId;
      readonly process: ProcessIdentity;
      readonly marker: string;
      /** `--max-budget-usd` of this attempt; held back from the run's total until it ends. */
      readonly reservedUsd: number;
      readonly model: string | null;
      /** Turns and cost that the session had before this attempt. */
      readonly sessionCostUsd: number;
    })
  | (OfAttempt & {
      readonly type: 'attempt.session';
      readonly sessionId: SessionId | null;
      readonly model: string | null;
      readonly version: string | null;
    })
  | (OfAttempt & { readonly type: 'attempt.activity'; readonly text: string })
  | (OfAttempt & {
      readonly type: 'attempt.usage';
      readonly turns: number;
      readonly tokens: Tokens;
      readonly costUsd: number;
    })
  | (OfAttempt & { readonly type: 'attempt.denied'; readonly denial: Denial })
  | (OfAttempt & {
      readonly type: 'attempt.retrying';
      readonly status: number | null;
      readonly error: string;
      readonly delayMs: number;
    })
  | (OfAttempt & { readonly type: 'attempt.limited'; readonly resetsAt: Instant | null })
  | (OfAttempt & {
      readonly type: 'attempt.finished';
      readonly verdict: AttemptVerdict;
      readonly exitCode: number | null;
      /** Set if a new attempt follows: its earliest start. */
      readonly retryAt: Instant | null;
      /** Processes that outlived every signal. */
      readonly survivors: readonly number[];
    })
  | (OfVariant & {
      readonly type: 'commit.created';
      readonly commit: CommitId;
      readonly tree: TreeId;
      /** The ref where the work was parked instead of the branch; null: on the branch. */
      readonly parked: RefName | null;
      readonly heldBack: readonly HeldBack[];
    })
  | { readonly type: 'check.started'; readonly variant: VariantName | null; readonly name: string }
  /** `variant` null: on the base. */
  | {
      readonly type: 'check.finished';
      readonly variant: VariantName | null;
      readonly check: CheckResult;
      readonly tree: TreeId;
      readonly log: AbsolutePath;
    }
  | (OfVariant & {
      readonly type: 'variant.finished';
      readonly outcome: Outcome;
      readonly reason: string;
      readonly changes: Changes;
      readonly heldBack: readonly HeldBack[];
      /** Worth knowing about how it ended, one sentence each. */
      readonly notes: readonly string[];
      /** A retry never got to work: outcome, reason and what was found out before hold. */
      readonly cameToNothing?: true;
    })
  /** Reopens a finished variant (`retry`), or requeues one whose preparation a crash interrupted. */
  | (OfVariant & {
      readonly type: 'variant.requeued';
      readonly reason: 'retry' | 'adoption' | 'resume';
      readonly kind: AttemptKind;
      readonly message: string | null;
    })
  /** A person changed what its next attempts may do. */
  | (OfVariant & SealedAmendment & { readonly type: 'variant.amended' })
  /** A ref changed while an attempt ran, and no copse did it. `after` null: deleted; `before` null: created. */
  | (OfVariant & {
      readonly type: 'ref.changed';
      readonly ref: RefName;
      readonly before: CommitId | null;
      readonly after: CommitId | null;
      readonly how?: RefMoveRecord;
    })
  /** It is on the target now. `from` and `to`: the target before and right after it. */
  | (OfVariant & {
      readonly type: 'merge.landed';
      readonly operation: OperationId;
      readonly target: BranchName;
      readonly from: CommitId;
      readonly to: CommitId;
      readonly tip: CommitId;
      readonly as: MergeMethod;
      /** The user chose to merge it without hooks and checks. */
      readonly noVerify?: true;
    })
  /** The target was moved back to before that merge. */
  | (OfVariant & { readonly type: 'merge.undone'; readonly operation: OperationId; readonly by: OperationId })
  /** Its worktree, its branch or both are in the trash. */
  | (OfVariant & {
      readonly type: 'prune.removed';
      readonly operation: OperationId;
      readonly worktree: boolean;
      readonly branch: boolean;
      readonly why: string;
    })
  /** Its files in the trash were deleted and cannot be restored. */
  | (OfVariant & { readonly type: 'prune.purged'; readonly operation: OperationId })
  /** It came back from the trash, maybe under another name. */
  | (OfVariant & {
      readonly type: 'undo.restored';
      readonly operation: OperationId;
      readonly by: OperationId;
      readonly path: AbsolutePath | null;
      readonly branch: BranchName | null;
    })
  /** Something a reader of the log should know and nothing else says: a clock was extended, a log could not be written. */
  | { readonly type: 'run.noted'; readonly note: string };

export type RunEvent = Envelope & RunEventBody;
export type RunEventType = RunEvent['type'];
export type EventOf<T extends RunEventType> = Extract<RunEvent, { readonly type: T }>;
