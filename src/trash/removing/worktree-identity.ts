import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readRegularSync } from '../../git/spawn/read-regular.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { isErrno } from '../../system/files.ts';
import { shellWord } from '../../text/shell-word.ts';
import { readRecord } from '../../worktree/worktree-record.ts';
import type { Removal } from './removal.ts';

export type WorktreePlace = NonNullable<Removal['worktree']>;

/** `why`: the reason to leave it alone, one sentence. */
export type Identity =
  | { readonly kind: 'there'; readonly gitdir: string; readonly gitFile: string }
  | { readonly kind: 'missing'; readonly gitdir: string }
  | { readonly kind: 'wrong'; readonly why: string };

/**
 * Whether a folder provably is the linked worktree that git's entry registers: real path, pointers in both directions, our nonce. What
 * the folder says alone proves nothing: an agent can write it.
 */
export async function identityOf(repository: Repository, place: WorktreePlace): Promise<Identity> {
  const { path, gitDir, nonce } = place;
  const { commonDir, root } = repository;
  if (gitDir === commonDir || path === root) return wrong('It is the main worktree.');
  if (dirname(gitDir) !== join(commonDir, 'worktrees') || !(await isRealFolder(gitDir)))
    return wrong(`git no longer knows it: ${gitDir} is not one of its entries. See: git worktree list`);
  const gitdir = readRegularSync(join(gitDir, 'gitdir'));
  const registered = gitdir === null || gitdir.trim() === '' ? null : resolve(gitDir, gitdir.trim());
  if (gitdir === null || registered === null) return wrong(`git's entry ${gitDir} is incomplete. Fix it: copse doctor --fix`);
  if (registered !== join(path, '.git')) return wrong(`git has it at ${dirname(registered)} now. See: git worktree list`);
  if (nonce !== null) {
    const record = await readRecord(gitDir);
    if (record?.nonce !== nonce)
      return wrong('Another worktree is there now, not the one of this variant. See: git worktree list');
  }
  const stat = await lstat(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  });
  if (stat === null) return { kind: 'missing', gitdir };
  if (!stat.isDirectory() || (await realpath(path)) !== path)
    return wrong(`Something else is at ${path}. Look: ls -ld ${shellWord(path)}`);
  return back(path, gitDir, gitdir);
}

async function back(path: AbsolutePath, gitDir: AbsolutePath, gitdir: string): Promise<Identity> {
  const file = join(path, '.git');
  const stat = await lstat(file).catch(() => null); // Missing: deleted by a process that worked in it.
  if (stat?.isDirectory() === true)
    return wrong(`Another repository is at ${path} now. Move it away first: mv ${shellWord(path)} ${shellWord(`${path}.mine`)}`);
  const gitFile = readRegularSync(file);
  if (gitFile === null)
    return wrong(`${file} is gone, so nothing proves what the folder is. Repair it: git worktree repair ${shellWord(path)}`);
  const target = resolve(path, gitFile.trim().replace(/^gitdir: /, ''));
  if (target !== gitDir) return wrong(`${path} belongs to another repository or worktree now: its .git leads to ${target}.`);
  return { kind: 'there', gitdir, gitFile };
}

function wrong(why: string): Identity {
  return { kind: 'wrong', why };
}

async function isRealFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory() && (await realpath(path)) === path;
  } catch {
    // Not there, or a part of the way is no folder.
    return false;
  }
}
