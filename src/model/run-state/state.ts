import type { SealedAmendment } from '../amendment.ts';
import type { AttemptKind, AttemptVerdict, Fatal, ProcessIdentity } from '../attempt.ts';
import type { CheckResult } from '../evidence/check.ts';
import type { AbsolutePath, BranchName, CommitId, Instant, RefName, RunId, SessionId, TreeId, VariantName } from '../ids.ts';
import type { MergeMethod, OperationId } from '../operation.ts';
import type { Changes, Denial, HeldBack, Isolation, Outcome, Tokens } from '../outcome.ts';
import type { RefMoveRecord } from './events.ts';

/**
 * ```
 * queued ─▶ preparing ─▶ running ─▶ committing ─▶ verifying ─▶ finished
 *    │          │          ▲  │                        ▲ │
 *    │          │          │  └─▶ retrying             │ │
 *    │          │          └───────┘                   │ │
 *    └──────────┴──────────────────────────────────────┘ └─▶ queued (retry)
 * ```
 * `queued` and `preparing` may finish directly (skipped, stopped, failed set-up); `committing` may skip `verifying`.
 */
export type VariantPhase =
  | { readonly kind: 'queued' }
  | { readonly kind: 'preparing'; readonly step: string }
  | { readonly kind: 'running'; readonly attempt: number }
  | { readonly kind: 'retrying'; readonly attempt: number; readonly at: Instant }
  | { readonly kind: 'committing' }
  | { readonly kind: 'verifying'; readonly check: string }
  | { readonly kind: 'finished'; readonly outcome: Outcome; readonly reason: string; readonly at: Instant };

export type VariantPhaseKind = VariantPhase['kind'];

export interface AttemptState {
  readonly attempt: number;
  readonly kind: AttemptKind;
  readonly sessionId: SessionId;
  readonly process: ProcessIdentity;
  readonly marker: string;
  readonly reservedUsd: number;
  readonly sessionCostUsd: number;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly model: string | null;
  readonly activity: string;
  readonly turns: number;
  readonly tokens: Tokens;
  readonly costUsd: number;
  readonly denials: readonly Denial[];
  readonly limitedUntil: Instant | null;
  readonly verdict: AttemptVerdict | null;
  readonly exitCode: number | null;
}

export interface Landing {
  readonly operation: OperationId;
  readonly target: BranchName;
  readonly tip: CommitId;
  readonly commit: CommitId;
  /** The target right before; absent in states that were stored before it was kept. */
  readonly from?: CommitId;
  readonly as: MergeMethod;
  readonly at: Instant;
}

export interface Removed {
  readonly operation: OperationId;
  readonly worktree: boolean;
  readonly branch: boolean;
  readonly purged: boolean;
  readonly at: Instant;
}

/** How the note begins that a retry leaves which never got to work; the latest one counts. */
export const CAME_TO_NOTHING = 'The last retry changed nothing.';

/** The result that a retry has to improve. */
export interface Before extends Pick<VariantState, 'heldBack' | 'checks' | 'notes' | 'startedAt'> {
  readonly outcome: Outcome;
  readonly reason: string;
  /** How many there were. */
  readonly attempts: number;
  readonly commit: CommitId | undefined;
}

export interface VariantState {
  readonly name: VariantName;
  readonly branch: BranchName;
  readonly worktree: AbsolutePath;
  readonly needs: readonly VariantName[];
  readonly model: string | null;
  readonly budgetUsd: number;
  readonly phase: VariantPhase;
  /** Set once its worktree exists. */
  readonly created: { readonly start: CommitId; readonly nonce: string; readonly port: number | null } | null;
  /** The request of a retry; consumed by the next attempt. */
  readonly requested: { readonly kind: AttemptKind; readonly message: string | null } | null;
  /** What a person changed of its plan, oldest first; absent: nothing. */
  readonly amendments?: readonly SealedAmendment[];
  readonly attempts: readonly AttemptState[];
  readonly startedAt: Instant | null;
  /** The time of its set-up and checks until now, ms. */
  readonly setupMs: number;
  readonly checksMs: number;
  readonly commit: { readonly commit: CommitId; readonly tree: TreeId; readonly parked: RefName | null } | null;
  readonly changes: Changes;
  readonly heldBack: readonly HeldBack[];
  readonly checks: readonly CheckResult[];
  readonly notes: readonly string[];
  /** The facts when it was last requeued; absent: it never was, or by an older version. */
  readonly before?: Before | null;
  /** Its last retry never got to work, and what is known of it is from before. */
  readonly cameToNothing?: boolean;
  /** Where it last landed; null: nowhere, or that was undone. */
  readonly landed: Landing | null;
  /** Where it landed before that, oldest first: the last of them counts again once `landed` is undone. */
  readonly landedBefore: readonly Landing[];
  /** Set while its worktree, branch or both are in the trash; `purged`: deleted permanently. */
  readonly removed: Removed | null;
  /** Earlier removals that are still in effect (first its worktree, later its branch), oldest first. */
  readonly removedBefore: readonly Removed[];
}

export type RunPhase =
  | { readonly kind: 'created' }
  | { readonly kind: 'running' }
  | { readonly kind: 'paused'; readonly reason: string; readonly until: Instant | null }
  | { readonly kind: 'stopping'; readonly reason: string; readonly fatal: Fatal | null }
  | {
      readonly kind: 'finished';
      readonly ending: 'completed' | 'stopped' | 'fatal';
      readonly fatal: Fatal | null;
      readonly reason: string;
      readonly at: Instant;
    };

export interface RefChange {
  /** The first that noted it: its attempt ran meanwhile, which does not say that its agent did it. */
  readonly variant: VariantName;
  readonly ref: RefName;
  readonly before: CommitId | null;
  readonly after: CommitId | null;
  readonly how?: RefMoveRecord;
}

/** The pure fold of a run's events. */
export interface RunState {
  readonly schema: 1;
  readonly id: RunId;
  readonly planHash: string;
  readonly base: { readonly ref: string; readonly commit: CommitId };
  readonly target: BranchName | null;
  readonly isolation: Isolation;
  readonly concurrency: number;
  readonly totalBudgetUsd: number;
  readonly createdAt: Instant;
  readonly phase: RunPhase;
  readonly supervisor: ProcessIdentity | null;
  readonly generation: number;
  /** Whether the present supervisor starts queued variants (false after an adoption until `resume`). */
  readonly launches: boolean;
  readonly lastSeq: number;
  readonly variants: readonly VariantState[];
  readonly baseChecks: readonly CheckResult[];
  readonly refChanges: readonly RefChange[];
  readonly notes: readonly string[];
}
