import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Operation, PruneOperation, UndoOperation } from '../../src/model/operation.ts';
import { listOperations } from '../../src/store/operations.ts';
import { systemClock } from '../../src/system/system-clock.ts';
import { recoverOperations } from '../../src/trash/recover.ts';
import type { Removal } from '../../src/trash/removing/removal.ts';
import { takeAway } from '../../src/trash/removing/take-away.ts';
import { bringBack } from '../../src/trash/returning/bring-back.ts';
import type { Sandbox, Worktree } from './git-repository.ts';

/** Asks for the removal of a worktree of the sandbox, and its branch. */
export function removalOf(sandbox: Sandbox, worktree: Worktree, more: Partial<Removal> = {}): Removal {
  const { path, gitDir, nonce, branch } = worktree.handle;
  return {
    owner: null,
    worktree: { path, gitDir, nonce },
    branch: { name: branch, commit: sandbox.git('rev-parse', `refs/heads/${branch}`) },
    disposable: [],
    why: 'you named it',
    teardown: null,
    ...more,
  };
}

/** A worktree that a person made with git. */
export function foreignRemoval(sandbox: Sandbox, path: string, branch: string | null, more: Partial<Removal> = {}): Removal {
  const commit = branch === null ? '' : sandbox.git('rev-parse', `refs/heads/${branch}`);
  const gitDir = join(sandbox.root, '.git/worktrees', basename(path));
  return {
    owner: null,
    worktree: { path, gitDir, nonce: null },
    branch: branch === null ? null : { name: branch, commit },
    disposable: [],
    why: 'you named it',
    teardown: null,
    ...more,
  };
}

export async function take(sandbox: Sandbox, ...removals: readonly Removal[]): Promise<PruneOperation> {
  const [repository, store] = [await sandbox.repository(), await sandbox.store()];
  return takeAway({ repository, store, clock: systemClock, command: 'copse prune', removals });
}

export async function back(sandbox: Sandbox, operation: PruneOperation): Promise<UndoOperation> {
  const [repository, store] = [await sandbox.repository(), await sandbox.store()];
  return bringBack({ repository, store, clock: systemClock, command: 'copse undo', operation });
}

/**
 * The whole state of worktrees, branches and the repository: contents, modes and times of all files, the whole git
 * directory but objects and copse's own state.
 */
export function whole(sandbox: Sandbox, ...worktrees: readonly string[]): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const worktree of worktrees) look(worktree, basename(worktree), seen);
  const skipped = ['.git/objects', '.git/copse', '.git/refs', '.git/logs/refs/copse', '.git/packed-refs'];
  look(join(sandbox.root, '.git'), '.git', seen, skipped);
  seen['refs'] = sandbox.git('for-each-ref');
  seen['config'] = sandbox.git('config', '--list', '--local');
  seen['worktrees'] = sandbox.git('worktree', 'list', '--porcelain');
  return seen;
}

function look(path: string, name: string, seen: Record<string, string>, skipped: readonly string[] = []): void {
  if (skipped.includes(name) || !existsSync(path)) return;
  const stat = lstatSync(path);
  if (stat.isDirectory()) {
    // A folder's own time changes with what is made and removed in it.
    if (!name.startsWith('.git/')) seen[`${name}/`] = stat.mode.toString(8);
    for (const entry of readdirSync(path)) look(join(path, entry), `${name}/${entry}`, seen, skipped);
  } else {
    const content = stat.isSymbolicLink()
      ? `-> ${readlinkSync(path)}`
      : createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
    // git's own files are written again with their former contents.
    seen[name] = name.startsWith('.git/') ? content : `${content} ${stat.mode.toString(8)} ${stat.mtimeMs}`;
  }
}

/** No pin of an operation is left. */
export function expectNoPins(sandbox: Sandbox): void {
  expect(sandbox.git('for-each-ref', 'refs/copse/v1/trash')).toBe('');
}

const PROGRAM = fileURLToPath(new URL('trash-and-die.ts', import.meta.url));

/** Does it in a separate process, which dies as by `kill -9` at the failpoint. */
export function dieAt(failpoint: string, sandbox: Sandbox, verb: 'take' | 'back' | 'purge' | 'purge-files', what: unknown): void {
  const { signal, stderr } = spawnSync(process.execPath, [PROGRAM, sandbox.root, verb, JSON.stringify(what)], {
    env: { ...process.env, COPSE_FAILPOINT: failpoint },
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(signal ?? stderr, failpoint).toBe('SIGKILL');
}

export async function recover(sandbox: Sandbox): Promise<readonly string[]> {
  return recoverOperations({ repository: await sandbox.repository(), store: await sandbox.store(), clock: systemClock });
}

export async function operations(sandbox: Sandbox): Promise<readonly Operation[]> {
  return listOperations(await sandbox.store());
}
