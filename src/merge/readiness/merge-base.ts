import type { CommitId } from '../../model/ids.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import type { History } from '../merge-history.ts';
import type { Onto } from '../merge-options.ts';

/**
 * The base of the two sides of a merge; null: the one that git finds by itself. A squash leaves no trace in the history: once the commit that a
 * variant started from landed that way, or an earlier state of the variant did, git would merge that a second time, and conflict wherever
 * the target has changed since. Then its recorded start, or its landed commit, is the base; unless the target was merged into it since.
 */
export async function mergeBaseOf(
  history: History,
  o: {
    readonly onto: Onto;
    readonly target: CommitId;
    readonly variant: VariantState;
    readonly start: CommitId;
    readonly tip: CommitId;
  },
): Promise<CommitId | null> {
  const { variant, start, tip, target } = o;
  const own = (await landedBefore(history, o)) ?? (variant.needs.length > 0 ? start : null);
  if (own === null || own === tip || (await history.isAncestor(own, target))) return null;
  const natural = await history.mergeBase(target, tip);
  if (natural !== null && !(await history.isAncestor(natural, own))) return null;
  return own;
}

async function landedBefore(
  history: History,
  o: { readonly onto: Onto; readonly target: CommitId; readonly variant: VariantState; readonly tip: CommitId },
): Promise<CommitId | null> {
  const { landed } = o.variant;
  if (landed === null || landed.target !== o.onto.branch) return null;
  const still = (await history.isAncestor(landed.tip, o.tip)) && (await history.isAncestor(landed.commit, o.target));
  return still ? landed.tip : null;
}
