import type { Clock } from '../model/clock.ts';
import type { VariantRef } from '../model/reports/evidence.ts';
import type { Served } from '../model/reports/served.ts';
import type { PageVariant, VoteStore } from '../model/reports/served-page.ts';
import { variantTotals } from '../model/run-state/run-facts.ts';
import type { VariantState } from '../model/run-state/state.ts';
import type { Store } from '../store/layout.ts';
import { votesFor } from '../store/votes.ts';

/** A server as the page shows it, with what is known of its variant; `variant` null: the base. */
export function pageVariant(served: Served, variant: VariantState | null): PageVariant {
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
  };
}

/** Favourites of what is served, kept with the runs; by label. */
export function servedVotes(store: Store, variants: ReadonlyMap<string, VariantRef>, clock: Clock): VoteStore {
  return votesFor({ store, variants, now: () => clock.now() });
}
