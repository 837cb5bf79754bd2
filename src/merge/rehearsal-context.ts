import { type PersonHooks, personHooks } from '../git/commit/person-hooks.ts';
import { type Difference, differenceWords } from '../git/guard/differences.ts';
import { guardGit } from '../git/guard/git-guard.ts';
import { gitEnvironment, spawnGit } from '../git/spawn/spawn-git.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { FollowingCheckout } from '../model/operation.ts';
import { named } from '../text/lists.ts';
import type { History } from './merge-history.ts';
import type { MergeOptions, Onto } from './merge-options.ts';
import { hooksOf } from './result/run-hooks.ts';

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
  return { hooks: trusted(o, hooks, await guardGit(o.repository)), sign: signing.text === 'true' };
}

/** Hooks that an agent planted do not run. One that it changed or removed was a guard: without it nothing may land unseen. */
function trusted(o: MergeOptions, hooks: PersonHooks, planted: readonly Difference[]): PersonHooks {
  const touched = planted.filter(({ kind }) => kind === 'hook');
  const any = new Set(touched.map(({ name }) => name));
  const wanted = hooksOf(o.as, { ...hooks, names: any }, o.noVerify);
  const lost = touched.filter(({ change, name }) => change !== 'new' && [...wanted.tree, ...wanted.message].includes(name));
  const [first] = lost;
  if (first !== undefined)
    throw new CopseError({
      code: 'hooks-changed',
      exit: EXIT.precondition,
      what: `${named(lost.map(differenceWords))} changed while agents worked, so nothing is merged without you.`,
      why: 'One of your hooks is skipped only if you say so.',
      hint: `Look at it:\n  ${first.look}\nPut it back, or accept it as it is now:\n  copse trust --git`,
    });
  return { ...hooks, names: new Set([...hooks.names].filter((name) => !any.has(name))) };
}
