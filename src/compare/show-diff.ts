import { gitIn } from '../git/door/door.ts';
import { INERT_DIFF } from '../git/objects/file-changes.ts';
import type { AbsolutePath, CommitId } from '../model/ids.ts';

/** git's own diff between two commits, coloured where wanted; nothing of the configuration runs. Paths are from `cwd`. */
export async function showDiff(o: {
  readonly cwd: AbsolutePath;
  readonly from: CommitId;
  readonly to: CommitId;
  readonly paths: readonly string[];
  readonly colour: boolean;
  readonly stat: boolean;
}): Promise<Buffer> {
  const inert = INERT_DIFF.filter((flag) => flag !== '--no-color');
  const { stdout } = await gitIn(o.cwd, { reads: true }).run([
    'diff',
    ...inert,
    `--color=${o.colour ? 'always' : 'never'}`,
    ...(o.stat ? ['--stat'] : []),
    '-M',
    o.from,
    o.to,
    '--',
    ...o.paths,
  ]);
  return stdout;
}
