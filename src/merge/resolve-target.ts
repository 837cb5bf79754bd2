import { join } from 'node:path';
import { readRef } from '../git/refs/head.ts';
import { checkoutsOf } from '../git/target/move-branch.ts';
import { targetProblems } from '../git/target/target-problems.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { BranchName, VariantName } from '../model/ids.ts';
import type { Operation } from '../model/operation.ts';
import { withLock } from '../store/lock.ts';
import { openOperations, operationsLock } from '../store/operations.ts';
import { exists } from '../system/files.ts';
import { shellWord } from '../text/shell-word.ts';
import { mergeLine } from './merge-line.ts';
import type { MergeOptions, Onto, ToMerge } from './merge-options.ts';

/** The target branch, and its commit. CopseErrors if there is none, or if it must not move. */
export async function resolveTarget(o: MergeOptions): Promise<Onto> {
  const branch = o.into?.replace(/^refs\/heads\//, '') ?? targetOfRuns(o);
  const { repository } = o;
  for (const one of o.variants) {
    const owner = one.state.variants.find((variant) => variant.branch === branch);
    if (owner !== undefined) throw isVariants(o, branch, { one, name: owner.name });
  }
  const from = await readRef(repository.commonDir, `refs/heads/${branch}`);
  if (from === null) throw noSuchBranch(o, branch);
  const checkouts = await checkoutsOf(repository, branch);
  for (const { gitDir } of checkouts) {
    // In a folder where an agent has worked git must not trust what it finds, and its files must not be changed.
    if (await exists(join(gitDir, 'copse.json'))) throw isVariants(o, branch, null);
  }
  await requireFinished(o, branch);
  const problems = await targetProblems({ repository, branch, checkouts, from });
  const [first] = problems;
  if (first !== undefined) throw new CopseError({ code: 'target-busy', exit: EXIT.precondition, ...first });
  return { branch, from };
}

/** An interrupted one that could not be finished leaves a checkout that does not show the branch: nothing is merged on top of that. */
async function requireFinished(o: MergeOptions, branch: BranchName): Promise<void> {
  const openOnes = async (): Promise<readonly Operation[]> =>
    (await openOperations(o.store)).filter((operation) => targetOf(operation) === branch);
  if ((await openOnes()).length === 0) return;
  // Another command may be working on it right now; a command that gets the lock knows that none is.
  const purpose = 'copse merge';
  const [open] = await withLock(operationsLock(o.store), { purpose, waitMs: 30_000, clock: o.clock }, openOnes);
  if (open === undefined) return;
  throw new CopseError({
    code: 'unfinished',
    exit: EXIT.precondition,
    what: `${open.command} was interrupted: ${branch} moved, and its checkout has not followed yet.`,
    why: 'Something is in the way there.',
    hint: `See what it is, remove it, then repeat the command:\n  git -C ${shellWord(o.repository.here)} status`,
  });
}

function targetOf(operation: Operation): BranchName | null {
  if (operation.kind === 'merge') return operation.target;
  return operation.kind === 'undo' ? (operation.merge?.target ?? null) : null;
}

function targetOfRuns(o: MergeOptions): BranchName {
  const targets = [...new Set(o.variants.map(({ state }) => state.target))];
  const [only = null] = targets;
  const names = o.variants.map(({ label }) => label);
  if (targets.length > 1) {
    throw new CopseError({
      code: 'several-targets',
      exit: EXIT.usage,
      what: `These variants would be merged into different branches: ${targets.map((target) => target ?? 'none').join(', ')}.`,
      why: 'One merge moves one branch.',
      hint: `Choose one:\n  ${mergeLine(o, names, { into: targets.find((target) => target !== null) ?? 'main' })}`,
    });
  }
  if (only !== null) return only;
  throw new CopseError({
    code: 'no-target',
    exit: EXIT.usage,
    what: 'Cannot tell which branch to merge into.',
    why: 'The run was planned on a detached HEAD.',
    hint: `Choose one:\n  ${mergeLine(o, names, { into: o.repository.headBranch ?? 'main' })}`,
  });
}

function noSuchBranch({ repository, variants }: MergeOptions, branch: BranchName): CopseError {
  const unborn = repository.headBranch === branch;
  const tip = variants[0]?.state.base.commit ?? 'HEAD';
  return new CopseError({
    code: 'no-such-branch',
    exit: EXIT.precondition,
    what: unborn ? `${branch} has no commit yet.` : `There is no branch ${branch}.`,
    why: 'Variants are merged into an existing branch.',
    hint: unborn
      ? 'Commit something to it first:\n  git commit --allow-empty -m "Start"'
      : `Create it, or name another with --into:\n  git branch ${shellWord(branch)} ${tip.slice(0, 12)}`,
  });
}

function isVariants(
  o: MergeOptions,
  branch: BranchName,
  owner: { readonly one: ToMerge; readonly name: VariantName } | null,
): CopseError {
  const named = o.variants.map(({ label }) => label);
  const known = owner === null || o.variants.some(({ state, name }) => state.id === owner.one.state.id && name === owner.name);
  const labels = known ? named : [`${owner.one.state.id}/${owner.name}`, ...named];
  return new CopseError({
    code: 'target-is-a-variant',
    exit: EXIT.precondition,
    what: `${branch} is the branch of ${owner === null ? 'a variant' : `variant ${owner.name}`}.`,
    why: 'Its agent may continue there.',
    hint: `Combine variants on your own branch:\n  git branch combined\n  ${mergeLine(o, labels, { into: 'combined' })}`,
  });
}
