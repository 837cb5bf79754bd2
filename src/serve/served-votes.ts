import type { VariantRef } from '../model/reports/evidence.ts';
import type { VoteStore } from '../model/reports/serve-page.ts';
import type { Store } from '../store/layout.ts';
import { votesFor } from '../store/votes.ts';
import type { Clock } from '../system/clock.ts';

/** Favourites of what is served, kept with the runs; by label. */
export function servedVotes(store: Store, variants: ReadonlyMap<string, VariantRef>, clock: Clock): VoteStore {
  return votesFor({ store, variants, now: () => clock.now() });
}
