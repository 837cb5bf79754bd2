import type { CommitId, TreeId } from '../../model/ids.ts';
import type { Identity } from '../commit/author-identity.ts';
import type { Git } from '../spawn/git-in.ts';

export interface TreeMerge {
  readonly clean: boolean;
  /** With conflict markers in it if it is not clean. */
  readonly tree: TreeId;
  readonly conflicts: readonly string[];
}

/** Merges two commits without a worktree. `base` null: git finds the merge base. */
export async function mergeTrees(git: Git, base: CommitId | null, ours: CommitId, theirs: CommitId): Promise<TreeMerge> {
  // git 2.39 does not accept a merge base: two commits made for the purpose, both children of `base`, have exactly that one.
  const pair =
    base === null
      ? [ours, theirs]
      : await Promise.all(
          [ours, theirs].map((side) => commitTree(git, { tree: `${side}^{tree}`, parents: [base], message: 'x' })),
        );
  const { stdout, exitCode } = await git.run(['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ...pair], {
    ok: [0, 1],
  });
  const [tree = '', ...conflicts] = stdout.toString('utf8').split('\0');
  return { clean: exitCode === 0, tree, conflicts: conflicts.filter((path) => path !== '') };
}

/** A commit object; no ref moves. Without `identity` the configured one is used. */
export async function commitTree(
  git: Git,
  o: {
    readonly tree: string;
    readonly parents: readonly CommitId[];
    readonly message: string;
    readonly identity?: Identity | null;
    /** Of a commit that is created again: its author and time (`@<seconds> <zone>`). */
    readonly author?: Identity & { readonly date: string };
    /** In the way that the configuration of `git`'s repository says. */
    readonly sign?: boolean;
  },
): Promise<CommitId> {
  const parents = o.parents.flatMap((parent) => ['-p', parent]);
  const sign = o.sign === true ? ['-S'] : [];
  const { text } = await git.run(['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', ...sign, ...parents, '-F', '-', o.tree], {
    input: o.message,
    env: {
      ...(o.identity === undefined || o.identity === null ? {} : identityEnvironment(o.identity)),
      ...(o.author === undefined ? {} : authorEnvironment(o.author)),
    },
  });
  return text;
}

function authorEnvironment({ name, email, date }: Identity & { readonly date: string }): Record<string, string> {
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date };
}

function identityEnvironment(identity: Identity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
  };
}
