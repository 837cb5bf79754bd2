import type { AbsolutePath, BranchName, CommitId, Instant, RunId, VariantName } from '../../model/ids.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { PruneLook, PruneOutcome, PruneRow } from '../../model/reports/prune-report.ts';
import { oneLine } from '../../text/plain-text.ts';

export interface PruneItemJson {
  /** Its address: `ui/dark`; if copse did not create it, the branch or path. */
  readonly name: string;
  /** null: copse did not create it. */
  readonly run: RunId | null;
  readonly variant: VariantName | null;
  readonly branch: BranchName | null;
  readonly worktree: AbsolutePath | null;
  readonly state: 'at-rest' | 'running' | 'interrupted';
  readonly outcome: Outcome | null;
  readonly landed:
    | 'empty'
    | 'merged'
    | 'squashed'
    | 'landed'
    | 'landed-then-changed'
    | 'pull-request'
    | 'reverted'
    | 'not-landed'
    | 'unknown';
  /** Branch that it landed on, and the commit that merged it. */
  readonly on: string | null;
  readonly commit: CommitId | null;
  readonly pullRequest: number | null;
  /** On disk, approximately. This and the next three are null if copse did not create it and it is kept in any case. */
  readonly bytes: number | null;
  readonly uncommitted: number | null;
  readonly untracked: number | null;
  /** A rebase, merge, … that is unfinished there. */
  readonly openOperation: string | null;
  /** It is shown by `copse serve`; its server is stopped first. Known only for what will be removed. */
  readonly served: boolean;
  readonly goes: boolean;
  readonly why: string;
  /** Parts of it that only undo can restore. */
  readonly losing: readonly string[];
  /** Ignored folders in it that will be deleted; undo does not restore them. */
  readonly disposable: readonly string[];
}

export interface PruneJson {
  readonly schema: 1;
  /** The candidates, as they were before. */
  readonly items: readonly PruneItemJson[];
  readonly notes: readonly string[];
  /** For `copse undo`; null: nothing was removed. */
  readonly operation: string | null;
  readonly removed: readonly {
    readonly name: string;
    readonly worktree: AbsolutePath | null;
    readonly branch: BranchName | null;
  }[];
  /** Items to remove that were kept. */
  readonly kept: readonly { readonly name: string; readonly why: string }[];
  readonly freedBytes: number;
  /** In the trash, until `keptUntil`. */
  readonly retainedBytes: number;
  readonly keptUntil: Instant | null;
}

/** The answer of `prune --json`. Every key is always there; unknown values are null. `outcome` null: nothing was touched. */
export function pruneJson(look: PruneLook, outcome: PruneOutcome | null): PruneJson {
  return {
    schema: 1,
    items: look.rows.map(itemJson),
    notes: [...look.notes, ...(outcome?.notes ?? [])].map(oneLine),
    operation: outcome?.operation ?? null,
    removed: outcome?.removed ?? [],
    kept: outcome?.kept ?? [],
    freedBytes: outcome?.freedBytes ?? 0,
    retainedBytes: outcome?.retainedBytes ?? 0,
    keptUntil: outcome?.keptUntil ?? null,
  };
}

function itemJson({ name, facts, verdict }: PruneRow): PruneItemJson {
  const { landed } = facts;
  return {
    name,
    run: facts.owner?.run ?? null,
    variant: facts.owner?.variant ?? null,
    branch: facts.branch?.name ?? null,
    worktree: facts.worktree,
    state: facts.rest.kind,
    outcome: facts.rest.kind === 'at-rest' ? facts.rest.outcome : null,
    landed: landed.kind,
    on: 'on' in landed ? landed.on : null,
    commit: 'commit' in landed ? landed.commit : null,
    pullRequest: landed.kind === 'pull-request' ? landed.number : null,
    bytes: facts.inside?.bytes ?? null,
    uncommitted: facts.inside?.uncommitted ?? null,
    untracked: facts.inside?.untracked ?? null,
    openOperation: facts.inside?.operation ?? null,
    served: facts.served,
    goes: verdict.kind === 'goes',
    why: oneLine(verdict.why),
    losing: verdict.kind === 'goes' ? verdict.losing : [],
    disposable: verdict.kind === 'goes' ? (facts.inside?.disposable ?? []) : [],
  };
}
