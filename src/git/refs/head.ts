import { join } from 'node:path';
import type { BranchName, CommitId, RefName } from '../../model/ids.ts';
import { exists } from '../../system/files.ts';
import { readRegular } from '../spawn/read-regular.ts';
import { gitEnvironment, spawnGit } from '../spawn/spawn-git.ts';

export interface Head {
  /** The branch it names; null when detached, or when the file makes no sense. */
  readonly branch: BranchName | null;
  /** null: unborn, or a ref that does not exist. */
  readonly commit: CommitId | null;
}

const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** A worktree's HEAD, read as data: an agent may have written the files, so git is not run there. */
export async function readHead(commonDir: string, gitDir: string): Promise<Head> {
  const text = ((await readRegular(join(gitDir, 'HEAD'))) ?? '').trim();
  if (OBJECT_ID.test(text)) return { branch: null, commit: text };
  const ref = /^ref: (refs\/\S+)$/.exec(text)?.[1];
  if (ref === undefined) return { branch: null, commit: null };
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
  return { branch, commit: await readRef(commonDir, ref) };
}

/** The commit that a ref in the common directory names, from its files; asks git only for other ref stores than files. */
export async function readRef(commonDir: string, ref: RefName, depth = 0): Promise<CommitId | null> {
  if (depth > 5 || ref.split('/').some((part) => part === '..' || part === '.' || part === '')) return null;
  if (await exists(join(commonDir, 'reftable'))) return readThroughGit(commonDir, ref);
  // A directory of that name (refs/heads/ui beside refs/heads/ui/dark) is no ref: reading it fails, and packed-refs decides.
  const loose = (await readRegular(join(commonDir, ref)))?.trim();
  if (loose !== undefined && OBJECT_ID.test(loose)) return loose;
  const symbolic = loose === undefined ? undefined : /^ref: (refs\/\S+)$/.exec(loose)?.[1];
  if (symbolic !== undefined) return readRef(commonDir, symbolic, depth + 1);
  const packed = (await readRegular(join(commonDir, 'packed-refs'), { large: true })) ?? '';
  const end = packed.indexOf(` ${ref}\n`);
  if (end === -1) return null;
  const id = packed.slice(packed.lastIndexOf('\n', end) + 1, end);
  return OBJECT_ID.test(id) ? id : null;
}

async function readThroughGit(commonDir: string, ref: RefName): Promise<CommitId | null> {
  const args = [
    '-c',
    'core.hooksPath=/dev/null',
    `--git-dir=${commonDir}`,
    'rev-parse',
    '--verify',
    '--quiet',
    `${ref}^{commit}`,
  ];
  const { text, exitCode } = await spawnGit(args, {
    cwd: commonDir,
    env: gitEnvironment({ GIT_ALLOW_PROTOCOL: 'none' }),
    ok: [0, 1, 128],
  });
  return exitCode === 0 ? text : null;
}
