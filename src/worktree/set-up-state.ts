/**
 * What a worktree's set-up was made from, and what it left: after a prune and its undo, or a commit that changed what is to be installed,
 * it has to run again.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { distrustedGit } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { CACHE_FOLDER } from '../model/cache-folder.ts';
import type { AbsolutePath, CommitId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment } from '../system/environment.ts';
import { readTextIfExists, replaceFile } from '../system/files.ts';
import { setupKey } from './setup-key.ts';

export interface SetUpPlace {
  readonly repository: Repository;
  readonly plan: Pick<Plan, 'copy' | 'setup'>;
  readonly worktree: { readonly path: AbsolutePath; readonly gitDir: AbsolutePath };
  /** Exact environment of set-up. */
  readonly env: Environment;
  /** Where it is written down. */
  readonly file: AbsolutePath;
}

const state = z.object({ schema: z.literal(1), key: z.string(), made: z.array(z.string()) });

/** Set-up has run at this commit. */
export async function writeSetUp(o: SetUpPlace, commit: CommitId): Promise<void> {
  const record: z.infer<typeof state> = { schema: 1, key: await keyAt(o, commit), made: await madeIn(o) };
  await replaceFile(o.file, JSON.stringify(record));
}

/** Whether set-up has run, what it made is there, and it would install the same at this commit. */
export async function isSetUpFor(o: SetUpPlace, commit: CommitId): Promise<boolean> {
  if (o.plan.setup.length === 0) return true;
  const text = await readTextIfExists(o.file);
  if (text === null) return false;
  const known = parsed(text);
  // Earlier versions wrote down no more than that it has run.
  if (known === null) return true;
  return known.made.every((path) => isFolder(join(o.worktree.path, path))) && known.key === (await keyAt(o, commit));
}

function keyAt({ repository, plan, worktree, env }: SetUpPlace, commit: CommitId): Promise<string> {
  return setupKey({ repository, commit, copy: plan.copy, setup: plan.setup, env, worktree: worktree.path });
}

/** Folders that set-up made: whoever takes one away takes what is installed. Files may well be the agent's to delete. */
async function madeIn({ repository, plan, worktree: { path, gitDir } }: SetUpPlace): Promise<string[]> {
  const git = distrustedGit({ gitDir, workTree: path, commonDir: repository.commonDir, filters: 'none' });
  const { stdout } = await git.run(['ls-files', '-z', '--others', '--directory', '--no-empty-directory']);
  const folders = stdout
    .toString('utf8')
    .split('\0')
    .filter((name) => name.endsWith('/'));
  return folders.map((name) => name.slice(0, -1)).filter((name) => name !== CACHE_FOLDER && !plan.copy.entries.includes(name));
}

function parsed(text: string): z.infer<typeof state> | null {
  try {
    const read = state.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    // Empty, as earlier versions wrote it.
    return null;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
