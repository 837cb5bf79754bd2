import { join } from 'node:path';
import type { CommitId, TreeId } from '../../model/ids.ts';
import { OUR_IDENTITY } from '../commit/author-identity.ts';
import { fetchMissing } from '../objects/fetch-missing.ts';
import type { Git } from '../spawn/git-in.ts';
import { withMergeScratch } from './merge-scratch.ts';
import { commitTree } from './merge-tree.ts';
import { MERGE_BATCH, parseFirst, parseMerges } from './parse-merges.ts';

/** How two commits merge into one tree. */
export interface CommitsMerged {
  readonly clean: boolean;
  /** In the repository; with conflict markers if it is not clean. */
  readonly tree: TreeId;
  readonly conflicts: readonly string[];
}

/** Merges commits in memory; the new objects stay in the repository's object store, without a ref. */
export interface CommitMerger {
  /** `base` null: git finds the merge base. The answer null: they have no history in common. */
  merge(o: { readonly base: CommitId | null; readonly ours: CommitId; readonly theirs: CommitId }): Promise<CommitsMerged | null>;
}

/**
 * Merging for commits that agents made: of the repository's configuration only data counts, so that no merge driver named there
 * runs. `attributesOf`: whose `.gitattributes` count (`merge=union`, `-merge`): the target.
 */
export function withCommitMerger<T>(
  o: { readonly commonDir: string; readonly attributesOf: CommitId },
  use: (merger: CommitMerger) => Promise<T>,
): Promise<T> {
  return withMergeScratch(o, async (scratch) => {
    // The scratch has the attributes; the objects are to stay.
    const env = { GIT_OBJECT_DIRECTORY: join(o.commonDir, 'objects'), GIT_ALTERNATE_OBJECT_DIRECTORIES: '' };
    const git: Git = {
      cwd: scratch.git.cwd,
      run: (args, run = {}) => scratch.git.run(args, { ...run, env: { ...env, ...run.env } }),
    };
    return use({
      merge: async ({ base, ours, theirs }) => {
        await fetchMissing(o.commonDir, [{ base, sides: [ours, theirs] }]);
        return mergeTwo(git, base, ours, theirs);
      },
    });
  });
}

async function mergeTwo(git: Git, base: CommitId | null, ours: CommitId, theirs: CommitId): Promise<CommitsMerged | null> {
  // git 2.39 does not accept a merge base: two commits made for the purpose, both children of `base`, have exactly that one.
  const pair =
    base === null
      ? [ours, theirs]
      : await Promise.all(
          [ours, theirs].map((side) =>
            commitTree(git, { tree: `${side}^{tree}`, parents: [base], message: 'x', identity: OUR_IDENTITY }),
          ),
        );
  const { stdout, exitCode } = await git.run(MERGE_BATCH, {
    input: `${pair.join(' ')}\n`,
    ok: [0, 128],
  });
  const merged = parseMerges(stdout)?.[0] ?? parseFirst(stdout);
  if (merged === null && exitCode === 0) throw new Error('git gave no answer to a merge');
  return merged;
}
