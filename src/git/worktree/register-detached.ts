import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbsolutePath, CommitId } from '../../model/ids.ts';
import { exists } from '../../system/files.ts';
import { gitIn } from '../spawn/git-in.ts';
import type { Repository } from '../spawn/repository.ts';
import { copyOwnConfig } from './register-worktree.ts';

export interface DetachedRegistration {
  /** Real path; must not exist, or be an empty folder. */
  readonly path: AbsolutePath;
  /** From `reserveEntry`. */
  readonly gitDir: AbsolutePath;
  readonly commit: CommitId;
  /** Why it is locked. */
  readonly reason: string;
}

/**
 * Registers a worktree without a branch, locked, nothing checked out, by writing git's own files as `register-worktree.ts` does. The
 * caller holds the repository lock. Sparse patterns and configuration of the current worktree hold there too, as for a variant.
 */
export async function registerDetached(repository: Repository, o: DetachedRegistration): Promise<void> {
  if (await exists(join(repository.commonDir, 'reftable'))) {
    // git names the entry by the rule that made the reservation: with it out of the way it takes that one.
    await rmdir(o.gitDir);
    const add = ['worktree', 'add', '--quiet', '--no-checkout', '--detach', '--lock', '--reason', o.reason, o.path, o.commit];
    await gitIn(repository.commonDir).run(add);
    return;
  }
  // `locked` first: an entry without the other files would be fair game for `git worktree prune`.
  await writeFile(join(o.gitDir, 'locked'), `${o.reason}\n`);
  await writeFile(join(o.gitDir, 'gitdir'), `${o.path}/.git\n`);
  await writeFile(join(o.gitDir, 'commondir'), '../..\n');
  await writeFile(join(o.gitDir, 'HEAD'), `${o.commit}\n`);
  await copyOwnConfig(repository, o.gitDir);
  await mkdir(o.path, { recursive: true });
  await writeFile(join(o.path, '.git'), `gitdir: ${o.gitDir}\n`);
}
