import type { Clock } from '../model/clock.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { PruneOperation } from '../model/operation.ts';
import type { PruneOutcome } from '../model/reports/prune-report.ts';
import { loadState } from '../store/events/run-snapshot.ts';
import { ensureStore, runPaths, type Store } from '../store/layout.ts';
import { listOperations } from '../store/operations.ts';
import { PAGE_LEASE } from '../store/serving.ts';
import { supervisorAlive } from '../store/supervisor-record.ts';
import { releasePort, releasePorts } from '../system/ports.ts';
import { trashedSum } from '../trash/purging/trashed-bytes.ts';
import type { Removal } from '../trash/removing/removal.ts';
import { takeAway } from '../trash/removing/take-away.ts';
import { stopServing } from '../worktree/stop-serving.ts';
import type { Candidate } from './candidates/candidate.ts';
import type { LookOptions, PrunePlan } from './plan-prune.ts';
import { runningError } from './refusals.ts';
import { teardown } from './teardown.ts';

export interface PruneOptions extends LookOptions {
  readonly plan: PrunePlan;
  readonly clock: Clock;
  /** The command as typed. */
  readonly command: string;
  readonly portRegistry: AbsolutePath;
  /** How long the trash keeps files, ms. */
  readonly keepTrashMs: number;
}

/**
 * Removes what the plan says. Items that turn out to be needed are kept, with the reason. CopseErrors: `variant-running`
 * if a run was continued meanwhile, `locked` (also by a `copse serve` that does not stop), `no-space`. Rejects if the signal
 * aborts before anything has moved.
 */
export async function prune(
  o: PruneOptions,
): Promise<{ readonly outcome: PruneOutcome; readonly operation: PruneOperation | null }> {
  const { plan } = o;
  const going = plan.rows.flatMap(({ verdict }, i) => (verdict.kind === 'goes' ? [i] : []));
  const candidates = going.flatMap((i) => plan.candidates[i] ?? []);
  await requireRest(candidates);
  await stopServers(o, going);
  o.signal.throwIfAborted();
  // If copse never ran here, there is no place for the journal yet.
  if (going.length > 0) await ensureStore(o.store);
  const removals = going.flatMap((i) => plan.removals[i] ?? []).map((removal, n) => withTeardown(o, removal, candidates[n]));
  const operation = removals.length === 0 ? null : await takeAway({ ...o, removals });
  for (const [n, item] of (operation?.items ?? []).entries()) {
    const owner = item.owner;
    if (item.step !== 'trashed' || owner === null || candidates[n]?.worktree == null) continue;
    await releasePort({ registry: o.portRegistry, key: `${o.repository.commonDir}\0${owner.run}\0${owner.variant}` });
    const { variants } = await loadState(runPaths(o.store, owner.run));
    const gone = variants.every(({ removed }) => removed?.worktree === true);
    if (gone)
      await releasePorts({ registry: o.portRegistry, keyPrefix: `${o.repository.commonDir}\0${owner.run}\0${PAGE_LEASE}` });
  }
  return { outcome: await outcomeOf(o, candidates, operation), operation: operation?.state === 'done' ? operation : null };
}

/** A run may have been taken up again while the person read the table. */
async function requireRest(candidates: readonly Candidate[]): Promise<void> {
  for (const { variant } of candidates) {
    if (variant === null) continue;
    const { paths } = variant.run;
    const [state, alive] = await Promise.all([loadState(paths), supervisorAlive(paths)]);
    if (state.phase.kind !== 'finished') throw runningError(state.id, [variant.state.name], alive);
  }
}

/** A process that still runs afterwards is reported as the reason why its worktree is kept. */
async function stopServers({ plan, store }: PruneOptions, going: readonly number[]): Promise<void> {
  const served = going.flatMap((i) => {
    const { served, owner } = plan.rows[i]?.facts ?? { served: false, owner: null };
    return served && owner !== null ? [owner] : [];
  });
  await Promise.all(served.map((owner) => stopServing({ store, ...owner })));
}

function withTeardown(o: PruneOptions, removal: Removal, candidate: Candidate | undefined): Removal {
  const variant = candidate?.variant ?? null;
  if (variant === null || o.skipTeardown || variant.plan.teardown.length === 0 || candidate?.worktree?.there !== true)
    return removal;
  const { plan, state, run } = variant;
  return {
    ...removal,
    teardown: (worktree) => teardown({ plan, state, paths: run.paths, worktree, environment: o.environment, signal: o.signal }),
  };
}

async function outcomeOf(
  o: PruneOptions,
  candidates: readonly Candidate[],
  operation: PruneOperation | null,
): Promise<PruneOutcome> {
  const items = operation?.items ?? [];
  const name = (n: number): string => candidates[n]?.name ?? '';
  const trashed = items.flatMap((item, n) => (item.step === 'trashed' ? [{ item, name: name(n) }] : []));
  const retained = await trashedSum(trashed.flatMap(({ item }) => item.worktree ?? []));
  const freed = trashed.flatMap(({ item }) => item.worktree?.disposed ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    operation: trashed.length === 0 ? null : (operation?.id ?? null),
    removed: trashed.map(({ item, name }) => ({
      name,
      worktree: item.worktree?.path ?? null,
      branch: item.branch?.name ?? null,
    })),
    kept: items.flatMap((item, n) => (item.step === 'kept' ? [{ name: name(n), why: item.kept ?? 'it is still needed' }] : [])),
    freedBytes: freed,
    retainedBytes: retained,
    purged: false,
    keptUntil: trashed.length === 0 ? null : new Date(Date.parse(operation?.at ?? '') + o.keepTrashMs).toISOString(),
    notes: operation?.left ?? [],
  };
}

/**
 * The state of a stopped prune: `nothing` was removed; it is open, and the next command finishes it; or it was past the point
 * of return, and was finished. `since`: when it began.
 */
export async function stoppedAt(store: Store, since: Date): Promise<'nothing' | 'open' | 'done'> {
  const last = (await listOperations(store)).findLast(({ kind, at }) => kind === 'prune' && Date.parse(at) >= since.getTime());
  return last === undefined || last.state === 'rolled-back' ? 'nothing' : last.state;
}
