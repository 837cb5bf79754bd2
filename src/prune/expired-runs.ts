import { listRefs } from '../git/refs/refs.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { ownState, removeOwn } from '../git/worktree/own-path.ts';
import type { Clock } from '../model/clock.ts';
import type { RunId } from '../model/ids.ts';
import type { Store } from '../store/layout.ts';
import { withLock } from '../store/lock.ts';
import { listOperations } from '../store/operations.ts';
import { exists } from '../system/files.ts';
import type { RunAtHand } from './candidates/candidate.ts';

/**
 * Deletes the records (logs, evidence) of runs that ended `afterMs` ago and of which nothing is left: no worktree, no branch, nothing
 * in the trash, no work parked under a ref of copse. Returns their ids.
 */
export async function forgetExpiredRuns(o: {
  readonly repository: Repository;
  readonly store: Store;
  readonly clock: Clock;
  readonly runs: readonly RunAtHand[];
  readonly afterMs: number;
}): Promise<readonly RunId[]> {
  const now = o.clock.now().getTime();
  const old = o.runs.filter(
    ({ state, alive }) => !alive && state.phase.kind === 'finished' && now - Date.parse(state.phase.at) >= o.afterMs,
  );
  if (old.length === 0) return [];
  const [refs, inTrash] = await Promise.all([listRefs(gitIn(o.repository.root, { reads: true })), runsInTrash(o.store)]);
  const forgotten: RunId[] = [];
  for (const { state, paths } of old) {
    const { id, variants } = state;
    const kept = [...refs.keys()].some((ref) => new RegExp(`^refs/copse/v1/(parked|kept)/${escaped(id)}/`).test(ref));
    const left = variants.some(({ branch, created }) => created !== null && refs.has(`refs/heads/${branch}`));
    const standing = await Promise.all(variants.map(({ worktree, created }) => created !== null && exists(worktree)));
    if (kept || left || inTrash.has(id) || standing.includes(true)) continue;
    // Ids are given out under this lock: this one is not reused meanwhile.
    await withLock(o.store.lock, { purpose: 'forget old runs', clock: o.clock }, async () =>
      removeOwn(await ownState(o.repository, paths.dir)),
    );
    forgotten.push(id);
  }
  return forgotten;
}

async function runsInTrash(store: Store): Promise<ReadonlySet<RunId>> {
  const prunes = (await listOperations(store)).flatMap((operation) => (operation.kind === 'prune' ? [operation] : []));
  const items = prunes.flatMap((operation) => operation.items);
  return new Set(items.flatMap(({ owner, step }) => (owner !== null && step !== 'gone' && step !== 'kept' ? [owner.run] : [])));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
