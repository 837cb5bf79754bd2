import type { CommitId } from '../model/ids.ts';
import type { DecisionEvidence } from '../model/reports/evidence.ts';
import { readDecision } from '../store/decision-file.ts';
import type { Store } from '../store/layout.ts';
import type { Compared } from './compare-target.ts';
import type { Tip } from './variant-tips.ts';

/** What people decided about the runs that are compared; of several the newest choice. */
export async function decisionOf(store: Store, compared: readonly Compared[], tips: readonly Tip[]): Promise<DecisionEvidence> {
  const runs = [...new Set(compared.map(({ target }) => target.state.id))];
  const decisions = await Promise.all(runs.map(async (run) => ({ run, ...(await readDecision(store, run)) })));
  const voting = decisions.some((one) => one.voting === 'closed') ? 'closed' : 'open';
  const choices = decisions.flatMap(({ run, choice }) => (choice === null ? [] : [{ run, ...choice }]));
  const latest = choices.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  const place = compared.findIndex(({ target, variant }) => target.state.id === latest?.run && variant.name === latest.variant);
  const chosen = compared[place];
  if (latest === undefined || chosen === undefined) return { voting, chosen: null, why: '', at: null, changed: false };
  const changed = isOther(latest.commit, tips[place]?.tip ?? null);
  return { voting, chosen: chosen.label, why: latest.why, at: latest.at, changed };
}

/** Whether a variant has another commit than it had; unknown ones tell nothing. */
export const isOther = (then: CommitId | null, now: CommitId | null): boolean => then !== null && now !== null && then !== now;
