import { remoteHolders } from '../git/refs/remote-holders.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { CACHE_FOLDER } from '../model/cache-folder.ts';
import type { MergeOperation, PruneOperation, TrashedItem, UndoOperation } from '../model/operation.ts';
import type { RestoredThing, UndoReport } from '../model/reports/undo-report.ts';
import { readPlan } from '../store/events/run-snapshot.ts';
import { runPaths, storeAt } from '../store/layout.ts';
import { exists } from '../system/files.ts';
import { shellWord } from '../text/shell-word.ts';
import type { TrashContext } from '../trash/finish-prune.ts';
import { bringBack } from '../trash/returning/bring-back.ts';
import { isRestorable } from '../trash/returning/plan-return.ts';
import { requireRest } from './require-rest.ts';
import { reverts } from './reverts.ts';
import { undoMerge } from './undo-merge.ts';

/** Undoes one operation. Interrupted operations are settled by then. CopseErrors as `bringBack` and `undoMerge` have them. */
export async function undo(
  o: TrashContext & { readonly command: string; readonly operation: MergeOperation | PruneOperation },
): Promise<UndoReport> {
  const { operation } = o;
  await requireRest(o.store, operation);
  const undone = operation.kind === 'merge' ? await undoMerge({ ...o, operation }) : await bringBack({ ...o, operation });
  return reportOf(o.repository, operation, undone);
}

/** The result of an undo. */
export async function reportOf(
  repository: Repository,
  operation: MergeOperation | PruneOperation,
  undone: UndoOperation,
): Promise<UndoReport> {
  return operation.kind === 'merge' ? mergeReport(repository, operation, undone) : pruneReport(repository, operation, undone);
}

async function mergeReport({ commonDir }: Repository, operation: MergeOperation, undone: UndoOperation): Promise<UndoReport> {
  const { id, command } = operation;
  const { merge } = undone;
  if (merge === null) throw new Error(`the undo of ${id} has no branch to move`);
  const { target, from, to, checkouts } = merge;
  const branches = await remoteHolders(gitIn(commonDir, { reads: true }), target, from);
  const [first] = branches;
  const pushed = first === undefined ? null : { branches, commands: takeBackThere(operation, first) };
  const moved = { target, from, to, checkouts: checkouts.map(({ path }) => path), pushed };
  return { operation: undone.id, of: id, command, restored: [], left: [], merge: moved };
}

/** Forward again, a commit that reverts it, and that to the remote. */
function takeBackThere(operation: MergeOperation, holder: string): readonly string[] {
  const end = `/${operation.target}`;
  const to = holder.endsWith(end) ? ` ${shellWord(holder.slice(0, -end.length))} ${shellWord(operation.target)}` : '';
  return [`git merge --ff-only ${shellWord(holder)}`, ...reverts(operation), `git push${to}`];
}

async function pruneReport(
  repository: Repository,
  { id, command, items }: PruneOperation,
  undone: UndoOperation,
): Promise<UndoReport> {
  const restored: RestoredThing[] = [];
  const left: string[] = [];
  for (const [n, item] of items.entries()) {
    const back = undone.restored[n] ?? null;
    const { worktree, branch, owner, pins } = item;
    if (back === null) {
      if (isRestorable(item) && worktree !== null)
        left.push(`${worktree.path} cannot be written to; its folder is still at ${worktree.trashPath}.`);
      continue;
    }
    const notes = [...(back.note === undefined ? [] : [back.note]), ...(await disposedNotes(repository, item))];
    const files = pins.find(({ ref }) => /\/(late-)?files$/.test(ref));
    if (worktree !== null && back.path === null && files !== undefined)
      notes.push(`Its uncommitted files: git show --stat ${files.ref}`);
    if (worktree?.missing === true && !(await exists(worktree.path)))
      notes.push('Its folder was gone before; git knows of it again.');
    restored.push({
      owner,
      path: back.path,
      branch: back.branch,
      movedFrom: back.path !== null && worktree !== null && back.path !== worktree.path ? worktree.path : null,
      renamedFrom: back.branch !== null && branch !== null && back.branch !== branch.name ? branch.name : null,
      notes,
    });
  }
  return { operation: undone.id, of: id, command, restored, left, merge: null };
}

/** The parts that were not restored, and how to restore them. */
async function disposedNotes({ commonDir }: Repository, { worktree, owner }: TrashedItem): Promise<readonly string[]> {
  const gone = (worktree?.disposed ?? []).map(({ path }) => path).filter((path) => path !== CACHE_FOLDER);
  if (gone.length === 0) return [];
  const lost = gone.map((path) => `${path} was disposable and is gone.`);
  // The record of a run outlives its worktrees, but not for ever.
  const plan = owner === null ? null : await readPlan(runPaths(storeAt(commonDir), owner.run)).catch(() => null);
  if (owner === null || plan === null || plan.setup.length === 0) return lost;
  const address = shellWord(`${owner.run}/${owner.variant}`);
  return [
    ...lost,
    `Set-up brings it back; copse retry runs it. To run it now: copse exec ${address} -- sh -c ${shellWord(plan.setup.join(' && '))}`,
  ];
}
