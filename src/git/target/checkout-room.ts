import type { AbsolutePath, BranchName, CommitId, TreeId } from '../../model/ids.ts';
import { diskSpace } from '../../system/files.ts';
import { shellWord } from '../../text/shell-word.ts';
import { type Git, gitIn } from '../spawn/git-in.ts';
import { split } from '../worktree/working-changes.ts';

/** Why a branch must not move now. */
export interface TargetProblem {
  readonly what: string;
  readonly why: string;
  /** Ends with the command that continues. */
  readonly hint: string;
}

/**
 * Why the files of a checkout will not fit when it follows from one commit to another: git would stop half of the way, behind the move
 * of the branch. null: they will, as committed; where filters make them larger git may still stop.
 */
export async function roomProblem(o: {
  readonly branch: BranchName;
  readonly path: AbsolutePath;
  readonly from: CommitId;
  readonly to: CommitId | TreeId;
}): Promise<TargetProblem | null> {
  const git = gitIn(o.path, { reads: true });
  const [needed, { free, size }] = [await growth(git, o.from, o.to), await diskSpace(o.path)];
  // Some file systems do not report their size; for a sparse checkout it takes long to find out which files come.
  if (needed <= free || size === 0 || (await isSparse(git))) return null;
  return {
    what: `The checkout of ${o.branch}, ${o.path}, needs ${megabytes(Math.ceil(needed / TENTH))} more, and ${megabytes(Math.floor(free / TENTH))} is free.`,
    why: 'Only some of its files could be updated.',
    hint: `Free some space, then repeat the command. See how much there is:\n  df -h ${shellWord(o.path)}`,
  };
}

/** Bytes that the files take more at `to` than at `from`, as committed. */
async function growth(git: Git, from: CommitId, to: CommitId | TreeId): Promise<number> {
  const { stdout } = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--abbrev=64', from, to]);
  const changes = split(stdout).flatMap((field) => {
    const [, before, after, was = '', is = ''] = /^:(\d{6}) (\d{6}) (\w+) (\w+) /.exec(field) ?? [];
    // A submodule's files are not ours to bring.
    return before === undefined ? [] : [{ was: isFile(before) ? was : null, is: isFile(after ?? '') ? is : null }];
  });
  const ids = new Set(changes.flatMap(({ was, is }) => [was, is]).filter((id) => id !== null));
  if (ids.size === 0) return 0;
  const { text } = await git.run(['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    input: `${[...ids].join('\n')}\n`,
  });
  // Files that a partial clone has not fetched yet count as nothing.
  const sizes = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), Number.parseInt(line.slice(line.indexOf(' ')), 10) || 0]),
  );
  const sizeOf = (id: string | null): number => (id === null ? 0 : (sizes.get(id) ?? 0));
  return changes.reduce((sum, { was, is }) => sum + sizeOf(is) - sizeOf(was), 0);
}

function isFile(mode: string): boolean {
  return mode.startsWith('100') || mode === '120000';
}

async function isSparse(git: Git): Promise<boolean> {
  return (await git.run(['config', '--type=bool', '--get', 'core.sparseCheckout'], { ok: [0, 1] })).text === 'true';
}

/** Of a megabyte, in bytes. */
const TENTH = 100_000;

function megabytes(tenths: number): string {
  return `${(tenths / 10).toFixed(1)} MB`;
}
