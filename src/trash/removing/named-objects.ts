import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gitIn } from '../../git/spawn/git-in.ts';
import { readRegularSync } from '../../git/spawn/read-regular.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { isErrno } from '../../system/files.ts';

const OBJECT_IDS = /\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b/g;
/** Files of a git directory that name no object, or none in text. */
const NOT_READ = new Set([
  'index',
  'objects',
  'modules',
  'gitdir',
  'commondir',
  'locked',
  'copse.json',
  'config.worktree',
  'lfs',
]);
/** No real reflog is that long; its first entries still count. */
const MOST_IDS = 20_000;

/**
 * Every object id in the files of a worktree's git directory: HEAD and its reflog, ORIG_HEAD, MERGE_HEAD, what rebase, cherry-pick and
 * bisect keep (onto, orig-head, autostash, todo …), its own refs. git counts some of these as reasons to keep an object, others (an
 * autostash) not. An agent may have written them: they are looked up before anything relies on them.
 */
export async function idsNamedIn(gitDir: AbsolutePath): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  await collect(gitDir, ids, 0);
  return ids;
}

async function collect(folder: string, ids: Set<string>, depth: number): Promise<void> {
  if (depth > 12) return;
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  });
  for (const entry of entries) {
    if (depth === 0 && NOT_READ.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, ids, depth + 1);
    else if (entry.isFile()) addIds(readRegularSync(path, { large: true }) ?? '', ids);
  }
}

/** Adds every object id in a text, up to the limit of all. */
export function addIds(text: string, ids: Set<string>): void {
  for (const [id] of text.matchAll(OBJECT_IDS)) {
    if (ids.size >= MOST_IDS) return;
    if (!/^0+$/.test(id)) ids.add(id);
  }
}

/** Whether the repository has everything that these reach and its own branches do not. One git process. */
async function areWhole(commonDir: AbsolutePath, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const { exitCode } = await gitIn(commonDir, { reads: true }).run(
    // Objects that a partial clone left at its remote are not lost.
    ['rev-list', '--objects', '--quiet', '--missing=allow-promisor', '--stdin', '--not', '--branches'],
    { input: `${ids.join('\n')}\n`, ok: [0, 1, 128] },
  );
  return exitCode === 0;
}

/** Those of the ids that are whole: git may have deleted parts of what nothing counted as reachable (an autostash). */
export async function wholeAmong(commonDir: AbsolutePath, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (await areWhole(commonDir, ids)) return new Set(ids);
  const whole = new Set<string>();
  for (const id of ids) if (await areWhole(commonDir, [id])) whole.add(id);
  return whole;
}
