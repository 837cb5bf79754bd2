import type { Clock } from '../model/clock.ts';
import type { CommitId, RunId } from '../model/ids.ts';
import type { VariantRef } from '../model/reports/evidence.ts';
import type { Served } from '../model/reports/served.ts';
import type { PageVariant, VoteStore, WorkState } from '../model/reports/served-page.ts';
import { landingOf, variantTotals } from '../model/run-state/run-facts.ts';
import type { VariantState } from '../model/run-state/state.ts';
import type { Store } from '../store/layout.ts';
import { clearVotes, votesFor } from '../store/votes.ts';

/** A server as the page shows it, with what is known of its variant; `variant` null: the base. */
export function pageVariant(served: Served, variant: VariantState | null, commit: CommitId | null): PageVariant {
  const { label, port, url, state, detail, tail } = served;
  const finished = variant?.phase.kind === 'finished' ? variant.phase : null;
  return {
    label,
    port,
    url,
    state,
    detail,
    tail,
    outcome: finished?.outcome ?? null,
    checks: (variant?.checks ?? []).map(({ name, status }) => ({ name, status })),
    summary: variant?.attempts.findLast(({ verdict }) => verdict !== null)?.verdict?.summary ?? '',
    costUsd: variant === null ? 0 : variantTotals(variant).costUsd,
    changes: variant?.changes ?? null,
    work: variant === null ? null : workOf(variant),
    commit,
  };
}

function workOf(variant: VariantState): WorkState | null {
  if (variant.removed?.worktree === true) return 'removed';
  if (variant.phase.kind !== 'finished') return variant.before == null ? 'working' : 'working-again';
  return landingOf(variant) === null ? null : 'merged';
}

/** Removes all votes of a run; how many there were. CopseError `locked`. */
export async function clearServedVotes(store: Store, run: RunId): Promise<number> {
  return clearVotes(store, run);
}

/** Favourites of what is served, kept with the runs; by label. */
export function servedVotes(store: Store, variants: ReadonlyMap<string, VariantRef>, clock: Clock): VoteStore {
  return votesFor({ store, variants, now: () => clock.now() });
}
