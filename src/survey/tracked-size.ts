import type { Git } from '../git/door.ts';
import type { CommitId } from '../model/ids.ts';

export interface TrackedSize {
  readonly bytes: number;
  readonly submodules: boolean;
  readonly sparse: boolean;
}

/**
 * Bytes that a checkout of `commit` takes, and how it is special. Two git processes, one after the other.
 * In a partial clone the sizes of the index stand in: asking for those of objects would fetch them one by one.
 */
export async function trackedSize(git: Git, commit: CommitId | null): Promise<TrackedSize> {
  if (commit === null) return { bytes: 0, submodules: false, sparse: false };
  const { text } = await git.run(
    ['config', '--get-regexp', '^(core\\.sparsecheckout|extensions\\.partialclone|remote\\..*\\.promisor)$'],
    { ok: [0, 1] },
  );
  const sparse = /^core\.sparsecheckout (true|yes|on|1)$/im.test(text);
  if (/^(extensions\.partialclone|remote\..*\.promisor) /im.test(text)) {
    const { text: index } = await git.run(['ls-files', '--debug', '--', '.'], { ok: [0, 128] });
    return { bytes: sum(index.matchAll(/^ {2}size: (\d+)/gm)), submodules: false, sparse };
  }
  const { text: tree } = await git.run(['ls-tree', '-r', '--format=%(objectmode) %(objectsize)', commit]);
  return { bytes: sum(tree.matchAll(/^\d+ +(\d+)$/gm)), submodules: /^160000 /m.test(tree), sparse };
}

function sum(matches: Iterable<RegExpMatchArray>): number {
  let total = 0;
  for (const match of matches) total += Number(match[1]);
  return total;
}
