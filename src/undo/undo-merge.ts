import { isAncestor } from '../git/objects/is-ancestor.ts';
import { readRef } from '../git/refs/head.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import { checkoutsOf, moveBranch } from '../git/target/move-branch.ts';
import { targetProblems } from '../git/target/target-problems.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { CommitId } from '../model/ids.ts';
import type { MergeOperation, UndoOperation } from '../model/operation.ts';
import { withLock } from '../store/lock.ts';
import { operationsLock, writeOperation } from '../store/operations.ts';
import { ulid } from '../store/ulid.ts';
import { failpoint } from '../system/failpoint.ts';
import { shellWord } from '../text/shell-word.ts';
import type { TrashContext } from '../trash/finish-prune.ts';
import { tellMergeUndone } from '../trash/tell-runs.ts';
import { reverts } from './reverts.ts';

/**
 * Moves the target back to where it was before a merge, and its checkouts follow:
 *
 *   looked ─▶ journal (open) ─▶ ref moved (compare-and-swap) ─▶ checkouts follow ─▶ runs told ─▶ the merge's journal ─▶ journal (done)
 *
 * CopseErrors, nothing moved: `moved-on` (exit 1: others built on it), `in-the-way`, `checkout-in-the-way`, `ref-moved`, `locked`.
 */
export async function undoMerge(
  o: TrashContext & { readonly command: string; readonly operation: MergeOperation },
): Promise<UndoOperation> {
  const { store, clock, operation, command } = o;
  return withLock(operationsLock(store), { purpose: command, clock }, async () => {
    const open = await withLock(store.lock, { purpose: command, clock }, () => moveBack(o));
    failpoint('undo-merge-followed');
    await tellMergeUndone(o, operation, open);
    failpoint('undo-merge-told');
    await writeOperation(store, { ...operation, undoneBy: open.id });
    const done: UndoOperation = { ...open, state: 'done' };
    await writeOperation(store, done);
    return done;
  });
}

async function moveBack(o: Parameters<typeof undoMerge>[0]): Promise<UndoOperation> {
  const { repository, store, operation, command } = o;
  const { target: branch, to: from, from: to } = operation;
  const ref = `refs/heads/${branch}`;
  const now = await readRef(repository.commonDir, ref);
  if (now !== from) throw await movedOn(o, now);
  const checkouts = await checkoutsOf(repository, branch);
  const [problem] = await targetProblems({ repository, branch, checkouts, from, to });
  if (problem !== undefined) throw new CopseError({ code: 'in-the-way', exit: EXIT.precondition, ...problem });
  const open: UndoOperation = {
    schema: 1,
    id: ulid(o.clock),
    at: o.clock.now().toISOString(),
    kind: 'undo',
    state: 'open',
    command,
    undoneBy: null,
    of: operation.id,
    merge: { target: branch, from, to, checkouts },
    restored: [],
  };
  await writeOperation(store, open);
  failpoint('undo-merge-intended');
  try {
    await moveBranch({ repository, branch, from, to, checkouts, message: `copse: undo ${operation.command}` });
  } catch (error) {
    if ((await readRef(repository.commonDir, ref)) !== to) await writeOperation(store, { ...open, state: 'rolled-back' });
    throw error;
  }
  return open;
}

/** Others have built on it: taking it away from under them would take theirs too, so a commit that reverts it is the way. */
async function movedOn(o: Parameters<typeof undoMerge>[0], now: CommitId | null): Promise<CopseError> {
  const { repository, operation } = o;
  const { target, to } = operation;
  const parts = { code: 'moved-on', exit: EXIT.failed };
  if (now === null)
    return new CopseError({
      ...parts,
      what: `Branch ${target} is gone, so it cannot be moved back.`,
      hint: 'See what is left: git branch --list',
    });
  const git = gitIn(repository.commonDir, { reads: true });
  const { exitCode, text } = await git.run(['rev-list', '--count', `${to}..${now}`], { ok: [0, 128] });
  const contains = await isAncestor(git, to, now, { gone: 'no' });
  if (!contains)
    return new CopseError({
      ...parts,
      what: `${target} was moved elsewhere since; what ${operation.command} landed is not on it any more.`,
      why: 'So there is nothing to move back.',
      hint: `See where it went: git reflog ${shellWord(target)}`,
    });
  const commits = exitCode === 0 ? `${text} ${text === '1' ? 'commit' : 'commits'}` : 'commits';
  return new CopseError({
    ...parts,
    what: `${target} has ${commits} on top of what ${operation.command} landed.`,
    why: 'Moving it back would remove them too.',
    hint: `Revert it with a new commit instead:\n${reverts(operation)
      .map((line) => `  ${line}`)
      .join('\n')}`,
  });
}
