/**
 * Deletes the trash's contents: the files, and unless `keepCommits` also the objects that pins keep. The one place where copse deletes
 * the user's files permanently, so it looks again first: for processes that work there, whether it is still the same folder, for new files.
 *
 *   looked ─▶ pinned what is new ─▶ journal (open, items purged) ─▶ deleted ─▶ runs informed ─▶ journal (done)
 */

import { lstat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { holdGc } from '../../git/objects/hold-gc.ts';
import { knownObjects } from '../../git/objects/known-objects.ts';
import { readHead } from '../../git/refs/head.ts';
import { updateRefs } from '../../git/refs/refs.ts';
import { gitIn, objectsGit } from '../../git/spawn/git-in.ts';
import { readRegular } from '../../git/spawn/read-regular.ts';
import { isRefusedRecord, refusalSentence } from '../../git/worktree/own-path.ts';
import type { OperationId, PruneOperation, TrashedItem, TrashedWorktree } from '../../model/operation.ts';
import { withLock } from '../../store/lock.ts';
import { operationsLock, readOperation, writeOperation } from '../../store/operations.ts';
import { failpoint } from '../../system/failpoint.ts';
import { isErrno } from '../../system/files.ts';
import { folderUsers } from '../../system/processes/folder-users.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { TrashContext } from '../finish-prune.ts';
import { ownTrash } from '../own-trash.ts';
import { creations, type Pin, pinPrefix, pinsFor, pinsNow } from '../pins.ts';
import { findInside } from '../removing/find-inside.ts';
import { idsNamedIn } from '../removing/named-objects.ts';
import { firstUntracked } from '../removing/tracked-whole.ts';
import { snapshotWorktree } from '../removing/worktree-snapshot.ts';
import { missingTrash } from '../require-trash.ts';
import { tellPurged } from '../tell-runs.ts';
import { finishPurge } from './purge-files.ts';
import { trashedBytes } from './trashed-bytes.ts';

export interface Purged {
  readonly bytes: number;
  /** Operations of which something was freed. */
  readonly operations: readonly OperationId[];
  /** Items that stay in the trash after all, one sentence each. */
  readonly kept: readonly string[];
}

export interface PurgeOptions extends TrashContext {
  readonly operations: readonly (OperationId | PruneOperation)[];
  /** Files are deleted, pinned objects stay. */
  readonly keepCommits?: boolean;
}

/** The caller has let `recoverOperations` finish what was open. CopseError `locked`. */
export async function purge(o: PurgeOptions): Promise<Purged> {
  return withLock(operationsLock(o.store), { purpose: 'copse prune --purge', clock: o.clock }, async () => {
    const freed: OperationId[] = [];
    const kept: string[] = [];
    let bytes = 0;
    for (const asked of o.operations) {
      const operation = await readOperation(o.store, typeof asked === 'string' ? asked : asked.id);
      if (operation?.kind !== 'prune' || operation.state !== 'done') continue;
      const done = await purgeOne(o, operation);
      if (done.changed) freed.push(operation.id);
      kept.push(...done.kept);
      bytes += done.bytes;
    }
    return { bytes, operations: freed, kept: [...new Set(kept)] };
  });
}

interface PurgedOne {
  readonly bytes: number;
  readonly kept: readonly string[];
  readonly changed: boolean;
}

async function purgeOne(o: PurgeOptions, operation: PruneOperation): Promise<PurgedOne> {
  const kept: string[] = [];
  const items: TrashedItem[] = [];
  let bytes = 0;
  for (const [n, item] of operation.items.entries()) {
    const { worktree, step } = item;
    if (step === 'trashed' && worktree !== null) {
      const why = await purgeProblem(o, operation, n, worktree);
      if (why !== null) {
        kept.push(why);
        items.push(item);
        continue;
      }
      bytes += await trashedBytes(worktree);
      items.push({
        ...item,
        ...(o.keepCommits === true
          ? {
              step: 'purged',
              pins: await holdGc({ commonDir: o.repository.commonDir, clock: o.clock }, () =>
                pinAgain(o, operation, n, item, worktree),
              ),
            }
          : { step: 'gone' }),
      });
    } else if (o.keepCommits !== true && (step === 'trashed' || step === 'purged')) items.push({ ...item, step: 'gone' });
    // Restored without its files: the pins stayed.
    else if (o.keepCommits !== true && step === 'restored' && item.pins.length > 0) items.push({ ...item, step: 'gone' });
    else items.push(item);
  }
  const touched = items.filter((item, n) => item !== operation.items[n]);
  if (touched.length === 0) return { bytes: 0, kept, changed: false };
  const open: PruneOperation = { ...operation, items, state: 'open' };
  await writeOperation(o.store, open);
  failpoint('purge-intended');
  const { left = [], ...finished } = await finishPurge(o, open);
  const fresh = left.filter((sentence) => operation.left?.includes(sentence) !== true);
  failpoint('purge-deleted');
  await tellPurged(o, operation, touched);
  await writeOperation(o.store, { ...finished, ...(left.length === 0 ? {} : { left }), state: 'done' });
  return { bytes, kept: [...kept, ...fresh], changed: true };
}

/** Why files in the trash stay there, one sentence; null: they may be deleted. */
async function purgeProblem(
  o: PurgeOptions,
  operation: PruneOperation,
  n: number,
  worktree: TrashedWorktree,
): Promise<string | null> {
  const { trashPath, gitDir } = worktree;
  try {
    await ownTrash(o, operation, n);
  } catch (error) {
    if (isRefusedRecord(error)) return refusalSentence(error);
    throw error;
  }
  const stat = await lstat(trashPath).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  });
  // Where commits are kept there is another time to free the files.
  const trash = stat === null && o.keepCommits === true ? await missingTrash(worktree) : null;
  if (trash !== null) return `The trash ${trash} is missing. Restore it, or mount its disk, then purge again.`;
  if (stat === null || worktree.missing) return null; // Nothing is there any more, or only an entry.
  if (!stat.isDirectory()) return `${trashPath} is not a folder any more. Look: ls -ld ${shellWord(trashPath)}`;
  const pointer = (await readRegular(join(gitDir, 'gitdir')))?.trim();
  if (pointer === undefined || dirname(resolve(gitDir, pointer)) !== trashPath)
    return `${trashPath} is not what was put there: git has that worktree elsewhere. See: git worktree list`;
  const [users] = await folderUsers([{ path: trashPath, markers: [] }]);
  const [user] = users ?? [];
  if (user !== undefined) return `A process works in ${trashPath}: ${user.name}, pid ${user.pid}. Stop it, then purge again.`;
  const { commonDir } = o.repository;
  const inside = await findInside(trashPath, (folders) => firstUntracked({ commonDir, gitDir, workTree: trashPath }, folders));
  if (inside !== null)
    return `${inside.path} is another repository, another disk, or not readable. Move it away, then purge again.`;
  return null;
}

/** New files in the folder or its entry since it is in the trash are kept like everything else. */
async function pinAgain(
  o: PurgeOptions,
  operation: PruneOperation,
  n: number,
  item: TrashedItem,
  worktree: TrashedWorktree,
): Promise<readonly Pin[]> {
  const { commonDir } = o.repository;
  if (worktree.missing) return item.pins;
  const { commit: headCommit } = await readHead(commonDir, worktree.gitDir);
  const known = new Set(item.pins.map(({ id }) => id));
  const snapshot = await snapshotWorktree({ commonDir, gitDir: worktree.gitDir, path: worktree.trashPath, headCommit });
  const named = [
    ['late-head', headCommit],
    ['late-index', snapshot.index],
    ['late-files', snapshot.files],
  ] as const;
  const others = [...(await idsNamedIn(worktree.gitDir))].filter((id) => !known.has(id));
  const kinds = await knownObjects(objectsGit(commonDir), [...named.flatMap(([, id]) => id ?? []), ...others]);
  const fresh = named.filter(([, id]) => id !== null && !known.has(id));
  const prefixed = await pinsFor({ commonDir, operation: operation.id, n, named: fresh, others, kinds });
  const git = gitIn(commonDir);
  const there = new Set((await pinsNow(git, operation.id)).map(({ ref }) => ref));
  const late = prefixed.map(({ ref, id }) => ({ ref: free(ref, there, operation.id, n), id }));
  await updateRefs(git, creations(late), 'copse: purge');
  return [...item.pins, ...late];
}

/** A name for a later pin: the first ones counted from one, too. */
function free(ref: string, there: ReadonlySet<string>, operation: OperationId, n: number): string {
  const what = ref.slice(`${pinPrefix(operation)}${n}/`.length);
  for (let k = 1, at = ref; ; k += 1, at = `${pinPrefix(operation)}${n}/${what}.${k}`) if (!there.has(at)) return at;
}
