import { relative } from 'node:path';
import { distrustedGit } from '../../git/spawn/git-in.ts';
import { type RawPath, split } from '../../git/worktree/working-changes.ts';
import type { AbsolutePath } from '../../model/ids.ts';

/** So many names fit into the arguments of a process, however long they are. */
const AT_ONCE = 100;

/**
 * The first of some folders of a worktree of which git has not every file, so that something there is known to the folder alone; null: it
 * has all of them. One git process, none without folders.
 */
export async function firstUntracked(
  worktree: { readonly commonDir: AbsolutePath; readonly gitDir: AbsolutePath; readonly workTree: AbsolutePath },
  folders: readonly AbsolutePath[],
): Promise<AbsolutePath | null> {
  const git = distrustedGit({ ...worktree, filters: 'none' });
  for (let at = 0; at < folders.length; at += AT_ONCE) {
    const some = folders.slice(at, at + AT_ONCE);
    const paths = some.map((folder) => relative(worktree.workTree, folder));
    const { stdout, exitCode } = await git.run([...LIST, '--', ...paths], { ok: [0, 128] });
    if (exitCode !== 0) return some[0] ?? null;
    const lines = split(stdout);
    const first = some.find((_, i) => !isWhole(lines, Buffer.from(`${paths[i]}/`).toString('latin1')));
    if (first !== undefined) return first;
  }
  return null;
}

const LIST: readonly string[] = ['--literal-pathspecs', 'ls-files', '-z', '-t', '--stage', '--others'];

/** Lines: `? <path>` of what git does not know, `<letter> <mode> <id> <stage>\t<path>` of what it has. */
function isWhole(lines: readonly string[], folder: RawPath): boolean {
  const inside = lines.filter((line) => {
    const path = line.startsWith('? ') ? line.slice(2) : line.slice(line.indexOf('\t') + 1);
    return path.startsWith(folder);
  });
  // A submodule is a repository, whatever its name.
  return inside.length > 0 && inside.every((line) => !/^(\?|. 160000) /.test(line));
}
