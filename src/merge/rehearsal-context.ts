import { type PersonHooks, personHooks } from '../git/commit/person-hooks.ts';
import { gitEnvironment, spawnGit } from '../git/spawn/spawn-git.ts';
import type { FollowingCheckout } from '../model/operation.ts';
import type { History } from './merge-history.ts';
import type { MergeOptions, Onto } from './merge-options.ts';

/** Messages that the person edited, by label: asked for once, also when the target moves meanwhile. */
export type EditedMessages = Map<string, string>;

/** The context of a rehearsal, the same for each of its variants. */
export interface MergePlace {
  readonly o: MergeOptions;
  readonly history: History;
  readonly onto: Onto;
  readonly checkouts: readonly FollowingCheckout[];
  readonly edited: EditedMessages;
  readonly hooks: PersonHooks;
  readonly sign: boolean;
}

/** The person's git settings for commits here. */
export async function personsChoice(o: MergeOptions, onto: Onto, checkouts: readonly FollowingCheckout[]) {
  const { commonDir, bare, root } = o.repository;
  // Never the current directory: that may be a variant's worktree, whose hooks are an agent's.
  const checkout = checkouts[0]?.path ?? (bare ? null : root);
  const [hooks, signing] = await Promise.all([
    personHooks({ commonDir, target: onto.from, checkout }),
    spawnGit(['config', '--type=bool', '--get', 'commit.gpgSign'], { cwd: root, env: gitEnvironment(), ok: [0, 1] }),
  ]);
  return { hooks, sign: signing.text === 'true' };
}
