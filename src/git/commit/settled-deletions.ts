import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { distrustedGit } from '../spawn/git-in.ts';
import type { Repository } from '../spawn/repository.ts';
import { hasPointer, pointerProblem } from '../worktree/worktree-pointers.ts';
import type { Staged } from './stage-changes.ts';

/*
 * A missing file was deleted by the agent, or it is missing because the whole worktree is being deleted at this moment. Only a deletion that
 * remains after the look, in a folder that still has its `.git`, is work.
 */

interface Place {
  readonly repository: Repository;
  readonly worktree: AbsolutePath;
  readonly gitDir: AbsolutePath;
}

/**
 * Throws CopseErrors if the staged deletions may come from a missing worktree: `worktree-gone`, and `worktree-changing` if another
 * look is worth it. `pointed`: whether the folder had its `.git` before anything was repaired.
 */
export async function requireSettled(o: Place, index: AbsolutePath, staged: Staged, pointed: boolean): Promise<void> {
  if (staged.deleted.length === 0) return;
  if (!pointed) {
    // We have put it back ourselves: it would prove a folder that nothing proves.
    if (await hasPointer(o.worktree)) await rm(join(o.worktree, '.git'), { force: true });
    throw gone(o.worktree);
  }
  const { commonDir } = o.repository;
  const looking = distrustedGit({ gitDir: o.gitDir, workTree: o.worktree, commonDir, index, filters: 'none' });
  // The index holds what was there a moment ago.
  const { stdout } = await looking.run(['ls-files', '-z', '--deleted']);
  const missing = stdout
    .toString('latin1')
    .split('\0')
    .filter((path) => path !== '' && !staged.absent.has(path));
  if (!(await hasPointer(o.worktree))) throw gone(o.worktree);
  if (missing.length === 0) return;
  throw new CopseError({
    code: 'worktree-changing',
    exit: EXIT.precondition,
    what: `Files in ${o.worktree} are being deleted.`,
    why: 'The missing files may not have been deleted by the agent.',
  });
}

/** Whether `error` came of a worktree that disappeared under the look, as a sentence; null: it did not. */
export async function goneMeanwhile(o: Place, error: CopseError): Promise<string | null> {
  return error.code === 'worktree-gone' ? error.message : pointerProblem(o);
}

function gone(worktree: AbsolutePath): CopseError {
  return new CopseError({
    code: 'worktree-gone',
    exit: EXIT.precondition,
    what: `The worktree ${worktree} was deleted.`,
  });
}
