import { INERT_DIFF } from '../git/objects/file-changes.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { AbsolutePath, CommitId } from '../model/ids.ts';
import { diffColours, SafeDiff } from './safe-diff.ts';

/**
 * Writes git's own diff between two commits, coloured if wanted; no program of the configuration runs. Paths are from `cwd`. On a terminal
 * the text cannot control it; elsewhere, as in a file to be applied, each byte is as it is.
 */
export async function showDiff(o: {
  readonly cwd: AbsolutePath;
  readonly from: CommitId;
  readonly to: CommitId;
  readonly paths: readonly string[];
  readonly colour: boolean;
  readonly stat: boolean;
  readonly terminal: boolean;
  /** Takes the diff piece by piece. */
  readonly write: (piece: Buffer) => Promise<void>;
}): Promise<void> {
  const inert = INERT_DIFF.filter((flag) => flag !== '--no-color');
  const git = gitIn(o.cwd, { reads: true });
  const colours = o.colour ? await diffColours(git) : { args: [], shown: new Map<string, string>() };
  const args = [
    ...colours.args,
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
  if (!o.terminal) {
    await git.run(args, { onStdout: o.write });
    return;
  }
  const safe = new SafeDiff(colours.shown);
  await git.run(args, { onStdout: (piece) => o.write(Buffer.from(safe.next(piece))) });
  await o.write(Buffer.from(safe.end()));
}
