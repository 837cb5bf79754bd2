/**
 * The inputs of a worktree's set-up, and its results: after a prune and its undo, or a commit that changed dependencies,
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
import { directorySize, type HardLinks, heldElsewhere, readTextIfExists, replaceFile } from '../system/files.ts';
import { setupKey } from './setup-key.ts';

export interface SetUpPlace {
  readonly repository: Repository;
  readonly plan: Pick<Plan, 'copy' | 'setup'>;
  readonly worktree: { readonly path: AbsolutePath; readonly gitDir: AbsolutePath };
  /** Exact environment of set-up. */
  readonly env: Environment;
  /** Its file. */
  readonly file: AbsolutePath;
}

const state = z.object({
  schema: z.literal(1),
  key: z.string(),
  made: z.array(z.string()),
  setup: z.array(z.string()),
  bytes: z.number(),
});

/** Set-up has run at this commit. */
export async function writeSetUp(o: SetUpPlace, commit: CommitId): Promise<void> {
  const made = await madeIn(o);
  const links: HardLinks = new Map();
  let bytes = 0;
  for (const path of made) bytes += (await directorySize(join(o.worktree.path, path), links)).bytes;
  const { setup } = o.plan;
  const took = bytes - heldElsewhere(links);
  const record: z.infer<typeof state> = { schema: 1, key: await keyAt(o, commit), made, setup: [...setup], bytes: took };
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

/** What a set-up took on disk, as it was written down in a variant's folder; null: none was, or not by this version. */
export async function setUpTook(
  file: AbsolutePath,
): Promise<{ readonly setup: readonly string[]; readonly bytes: number } | null> {
  const text = await readTextIfExists(file);
  return text === null ? null : parsed(text);
}

/** Folders that set-up created: without one, the installation is incomplete. The agent may well delete files. */
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
