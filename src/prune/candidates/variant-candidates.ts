import type { Plan } from '../../model/plan.ts';
import type { Rest } from '../../model/reports/prune-report.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import { readPlan } from '../../store/events/run-snapshot.ts';
import { isChosen, isMeant, type PruneScope } from '../prune-scope.ts';
import { type Branches, targetRefs } from './branch-tips.ts';
import type { Candidate, RunAtHand } from './candidate.ts';
import type { Registered } from './registered.ts';

/** The variants of these runs that have a worktree or branch left, as far as `scope` includes them. */
export async function variantCandidates(o: {
  readonly runs: readonly RunAtHand[];
  readonly scope: PruneScope;
  readonly registered: readonly Registered[];
  readonly branches: Branches;
  /** The target of a run without one. */
  readonly fallback: string | null;
}): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const run of o.runs) {
    const meant = run.state.variants.filter(({ name }) => isMeant(o.scope, { run: run.state.id, variant: name }));
    if (meant.length === 0) continue;
    const plan = await readPlan(run.paths);
    for (const state of meant) {
      const candidate = candidateOf(run, plan, state, o);
      if (candidate !== null) found.push(candidate);
    }
  }
  return found;
}

function candidateOf(
  run: RunAtHand,
  plan: Plan,
  state: VariantState,
  o: Parameters<typeof variantCandidates>[0],
): Candidate | null {
  const { id } = run.state;
  const entry = o.registered.find(({ record }) => isOf(record, id, state));
  const tip = o.branches.local.get(state.branch);
  // A branch of that name proves nothing if the variant never began (another one existed already) or if its own is gone.
  const none = state.created === null || state.removed?.branch === true;
  const branch = none || tip === undefined ? null : { name: tip.name, commit: tip.commit };
  if (entry === undefined && branch === null) return null;
  const finishedAt = state.phase.kind === 'finished' ? Date.parse(state.phase.at) : null;
  return {
    name: `${id}/${state.name}`,
    variant: { run, plan, state },
    rest: restOf(run, state),
    worktree:
      entry === undefined
        ? null
        : {
            path: entry.path,
            gitDir: entry.gitDir,
            nonce: entry.record?.nonce ?? null,
            there: entry.there,
            head: entry.head,
          },
    branch,
    start: state.created?.start ?? null,
    targets: targetRefs(o.branches, run.state.target ?? o.fallback),
    disposable: plan.disposable,
    blocked: null,
    neededBy: unfinishedDependents(run.state, state.name),
    at: finishedAt,
    chosen: isChosen(o.scope, { run: id, variant: state.name }),
  };
}

function isOf(record: Registered['record'], run: string, { name, created }: VariantState): boolean {
  if (record === null || record.run !== run || record.variant !== name) return false;
  return created === null || created.nonce === record.nonce;
}

function restOf({ state, alive }: RunAtHand, { phase }: VariantState): Rest {
  if (state.phase.kind !== 'finished') return { kind: alive ? 'running' : 'interrupted' };
  return { kind: 'at-rest', outcome: phase.kind === 'finished' ? phase.outcome : null };
}

/** Those that start from its result later: its commits must exist then. */
function unfinishedDependents(state: RunState, name: string): string[] {
  return state.variants
    .filter(({ needs, phase, created }) => needs.includes(name) && phase.kind !== 'finished' && created === null)
    .map((variant) => variant.name);
}
