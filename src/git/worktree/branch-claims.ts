import { join } from 'node:path';
import type { AbsolutePath, BranchName } from '../../model/ids.ts';
import { readRegularSync } from '../spawn/read-regular.ts';

/** Branches that an open operation of a worktree puts its result on when it ends. git lists such a worktree as detached. */
export interface Claims {
  /** The one that is rebased. */
  readonly rebase: BranchName | null;
  /** Those that `rebase --update-refs` moves along. */
  readonly along: readonly BranchName[];
  /** The one that the bisect began on; a commit if it began on none. */
  readonly bisect: BranchName | null;
}

/** Read from git's files as data: a broken one claims nothing. */
export function claimsOf(gitDir: AbsolutePath): Claims {
  const read = (name: string): string => readRegularSync(join(gitDir, name)) ?? '';
  const heads = ['rebase-merge', 'rebase-apply'].flatMap((folder) => branchesIn(read(`${folder}/head-name`)));
  const began = read('BISECT_START')
    .trim()
    .replace(/^refs\/heads\//, '');
  return { rebase: heads[0] ?? null, along: branchesIn(read('rebase-merge/update-refs')), bisect: began === '' ? null : began };
}

function branchesIn(text: string): BranchName[] {
  return [...text.matchAll(/^refs\/heads\/(\S+)$/gm)].map(([, name]) => name ?? '');
}
