import { listBranches } from '../git/refs/refs.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { RunDecision } from '../model/decision.ts';
import type { Instant, VariantName } from '../model/ids.ts';
import type { RunState } from '../model/run-state/state.ts';
import { changeDecision, keptWhy, readDecision } from '../store/decision-file.ts';
import type { Store } from '../store/layout.ts';
import { readVotes } from '../store/votes.ts';

/** What people decided about a run, with its votes as of now. */
export async function decisionAbout(store: Store, state: RunState): Promise<RunDecision> {
  const [{ choice, voting }, votes] = await Promise.all([readDecision(store, state.id), readVotes(store, state.id)]);
  return {
    chosen: choice?.variant ?? null,
    why: choice?.why ?? '',
    at: choice?.at ?? null,
    voting,
    tally: state.variants.map(({ name }) => ({ label: name, votes: votes.filter(({ variant }) => variant === name).length })),
  };
}

/** Records a choice, or takes it back (`variant` null). CopseErrors: `locked`, `no-space`, `state-not-writable`. */
export async function recordChoice(o: {
  readonly repository: Repository;
  readonly store: Store;
  readonly state: RunState;
  readonly variant: VariantName | null;
  readonly why: string;
  readonly now: Date;
}): Promise<RunDecision> {
  const { store, state, variant } = o;
  const branch = state.variants.find(({ name }) => name === variant)?.branch;
  const branches = variant === null ? [] : await listBranches(gitIn(o.repository.root, { reads: true }));
  const commit = branches.find(({ name }) => name === branch)?.commit ?? null;
  const at = o.now.toISOString() as Instant;
  const choice = variant === null ? null : { variant, why: keptWhy(o.why), at, commit };
  await changeDecision(store, state.id, (before) => ({ ...before, choice }));
  return decisionAbout(store, state);
}
