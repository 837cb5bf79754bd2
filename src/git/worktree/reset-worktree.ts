import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath, BranchName, CommitId } from '../../model/ids.ts';
import { exists, replaceFile } from '../../system/files.ts';
import { readRef } from '../refs/head.ts';
import { updateRefs } from '../refs/refs.ts';
import { copyIndex } from '../spawn/copy-index.ts';
import { distrustedGit } from '../spawn/git-in.ts';
import { installIndex } from '../spawn/install-index.ts';
import { recordGit } from '../spawn/record-git.ts';
import type { Repository } from '../spawn/repository.ts';
import { shadowPaths } from '../spawn/shadow-directory.ts';
import { pointerProblem, repairPointers } from './worktree-pointers.ts';

/** The files of an open merge, rebase, cherry-pick, revert or bisect in the git directory. */
const OPERATION_STATE: readonly string[] = [
  'MERGE_HEAD',
  'MERGE_MSG',
  'MERGE_MODE',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'AUTO_MERGE',
  'rebase-merge',
  'rebase-apply',
  'sequencer',
  'BISECT_LOG',
  'BISECT_NAMES',
  'BISECT_START',
  'BISECT_TERMS',
];

/**
 * Takes a worktree that an agent has written to back to a commit: its branch (by compare-and-swap), HEAD, index and tracked files.
 * Untracked files stay. The caller has put away what the branch held. State of an open operation is moved aside, not deleted.
 */
export async function resetWorktree(o: {
  readonly repository: Repository;
  readonly worktree: AbsolutePath;
  readonly gitDir: AbsolutePath;
  readonly branch: BranchName;
  readonly to: CommitId;
}): Promise<void> {
  const problem = await pointerProblem(o);
  if (problem !== null) throw new CopseError({ code: 'worktree-missing', exit: EXIT.precondition, what: problem });
  await repairPointers(o);
  const { commonDir } = o.repository;
  const shadow = shadowPaths(commonDir, o.gitDir);
  const git = distrustedGit({ gitDir: o.gitDir, workTree: o.worktree, commonDir, index: shadow.index });

  if (!(await exists(shadow.index)) && (await exists(join(o.gitDir, 'index'))))
    await copyIndex(join(o.gitDir, 'index'), shadow.index);
  await git.run(['read-tree', '--reset', '-u', o.to]);
  await moveOperationAside(o.gitDir);
  await replaceFile(join(o.gitDir, 'HEAD'), `ref: refs/heads/${o.branch}\n`);
  const from = await readRef(commonDir, `refs/heads/${o.branch}`);
  if (from !== o.to)
    await updateRefs(recordGit(commonDir, o.gitDir), [{ ref: `refs/heads/${o.branch}`, to: o.to, from }], 'copse: start afresh');
  if (!(await installIndex(shadow.index, o.gitDir))) {
    throw new CopseError({
      code: 'git-locked',
      exit: EXIT.precondition,
      what: `${join(o.gitDir, 'index.lock')} is held.`,
      why: 'A git process works in that worktree, or one that was killed left it behind.',
      hint: 'Wait for it, or delete the file if no git process is running there. Then repeat the command.',
    });
  }
}

async function moveOperationAside(gitDir: string): Promise<void> {
  const aside = join(gitDir, 'copse-set-aside', String(Date.now()));
  for (const name of OPERATION_STATE) {
    if (!(await exists(join(gitDir, name)))) continue;
    await mkdir(aside, { recursive: true });
    await rename(join(gitDir, name), join(aside, name));
  }
}
