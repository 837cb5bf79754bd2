import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addBranchConfig } from '../../git/refs/branch-config.ts';
import { readRef } from '../../git/refs/head.ts';
import { type RefUpdate, updateRefs } from '../../git/refs/refs.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import { readRegular } from '../../git/spawn/read-regular.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import type { BranchName } from '../../model/ids.ts';
import type { TrashedBranch } from '../../model/operation.ts';
import { failpoint } from '../../system/failpoint.ts';

export interface ReturningBranch {
  readonly was: TrashedBranch;
  readonly name: BranchName;
}

const MESSAGE = 'copse: undo';

/** Makes branches again at their commits, with reflog and configuration; all in one transaction. Doing it again changes nothing. */
export async function returnBranches(repository: Repository, branches: readonly ReturningBranch[]): Promise<void> {
  const { commonDir } = repository;
  const creations: RefUpdate[] = [];
  for (const { was, name } of branches) {
    const ref = `refs/heads/${name}`;
    if ((await readRef(commonDir, ref)) === null) creations.push({ ref, to: was.commit, from: null });
  }
  await updateRefs(gitIn(commonDir), creations, MESSAGE);
  failpoint('undo-branches-made');
  for (const { was, name } of branches) {
    await returnReflog(repository, was, name);
    if (was.config.length > 0) await addBranchConfig(commonDir, name, was.config);
  }
}

/** Only if the branch has not changed since. */
async function returnReflog({ commonDir }: Repository, was: TrashedBranch, name: BranchName): Promise<void> {
  const path = join(commonDir, 'logs/refs/heads', name);
  const now = await readRegular(path, { large: true });
  if (now === null || !now.endsWith(`\t${MESSAGE}\n`) || now.indexOf('\n') !== now.length - 1) return;
  if (was.reflog === null) await rm(path, { force: true });
  else await writeFile(path, was.reflog);
}
