import { gitIn } from '../git/door/door.ts';
import { INERT_DIFF } from '../git/objects/file-changes.ts';
import type { AbsolutePath, CommitId } from '../model/ids.ts';

/** Writes git's own diff between two commits, coloured where wanted; nothing of the configuration runs. Paths are from `cwd`. */
export async function showDiff(o: {
  readonly cwd: AbsolutePath;
  readonly from: CommitId;
  readonly to: CommitId;
  readonly paths: readonly string[];
  readonly colour: boolean;
  readonly stat: boolean;
  /** Takes the diff piece by piece. */
  readonly write: (piece: Buffer) => Promise<void>;
}): Promise<void> {
  const inert = INERT_DIFF.filter((flag) => flag !== '--no-color');
  const args = [
    'diff',
    ...inert,
    `--color=${o.colour ? 'always' : 'never'}`,
    ...(o.stat ? ['--stat'] : []),
    '-M',
    o.from,
    o.to,
    '--',
    ...o.paths,
  ];
  await gitIn(o.cwd, { reads: true }).run(args, { onStdout: o.write });
}
