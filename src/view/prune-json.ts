import type { PruneLook, PruneOutcome, PruneRow } from '../model/prune.ts';
import { oneLine } from './plain-text.ts';

/** The answer of `prune --json`. Every key is always there; what is not known is null. `outcome` null: nothing was touched. */
export function pruneJson(look: PruneLook, outcome: PruneOutcome | null): unknown {
  return {
    schema: 1,
    items: look.rows.map(item),
    notes: look.notes.map((note) => oneLine(note)),
    operation: outcome?.operation ?? null,
    removed: outcome?.removed ?? [],
    kept: outcome?.kept ?? [],
    freedBytes: outcome?.freedBytes ?? 0,
    retainedBytes: outcome?.retainedBytes ?? 0,
    keptUntil: outcome?.keptUntil ?? null,
  };
}

function item({ name, facts, verdict }: PruneRow): unknown {
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
    goes: verdict.kind === 'goes',
    why: oneLine(verdict.why),
    losing: verdict.kind === 'goes' ? verdict.losing : [],
  };
}
