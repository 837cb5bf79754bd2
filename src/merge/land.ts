/**
 * The act: merges everything that was rehearsed in one move of the target.
 *
 *   journal (open) ─▶ ref moved ─▶ checkouts follow ─▶ events in the runs' logs ─▶ journal (done)
 *
 * Before the ref moved nothing has happened; from then on it has, and the next command that finds the open journal finishes the rest. The lock
 * on operations is held all along: a command that gets it knows that the process of an open journal is dead.
 */
import { readRef } from '../git/refs/head.ts';
import { checkoutsOf, moveBranch } from '../git/target/move-branch.ts';
import { targetProblems } from '../git/target/target-problems.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { CommitId } from '../model/ids.ts';
import type { FollowingCheckout, LandedVariant, MergeOperation } from '../model/operation.ts';
import { appendHolding } from '../store/events/append-to-run.ts';
import { loadState } from '../store/events/run-snapshot.ts';
import { type RunPaths, runPaths, type Store } from '../store/layout.ts';
import { acquireLock, type Lock, withLock } from '../store/lock.ts';
import { openOperations, operationsLock, writeOperation } from '../store/operations.ts';
import { ulid } from '../store/ulid.ts';
import { failpoint } from '../system/failpoint.ts';
import { landedEvents } from '../trash/tell-runs.ts';
import type { MergeOptions, Onto } from './merge-options.ts';
import type { Rehearsal } from './rehearse.ts';

const PATIENCE_MS = 30_000;

/**
 * CopseErrors, nothing moved: `ref-moved`, `in-the-way`, `checkout-in-the-way`, `locked`, `running`; and `checkout-behind`: it is merged, a
 * checkout did not follow.
 */
export async function land(o: MergeOptions, onto: Onto, rehearsal: Rehearsal): Promise<MergeOperation> {
  const { store, clock } = o;
  const purpose = 'copse merge';
  return withLock(operationsLock(store), { purpose, waitMs: PATIENCE_MS, clock }, async () => {
    const runs = [...new Set(rehearsal.variants.map(({ run }) => run))].sort().map((run) => runPaths(store, run));
    const locks: Lock[] = [];
    try {
      for (const { lock } of runs) locks.push(await acquireLock(lock, { purpose, clock }));
      await requireRest(rehearsal.variants, runs);
      const operation = await withLock(store.lock, { purpose, clock }, () => move(o, onto, rehearsal));
      failpoint('merge-followed');
      for (const paths of runs) {
        await appendHolding(paths, clock, ({ id }) =>
          landedEvents(operation).flatMap(({ run, event }) => (run === id ? [event] : [])),
        );
      }
      failpoint('merge-logged');
      const done: MergeOperation = { ...operation, state: 'done' };
      await writeOperation(store, done);
      return done;
    } finally {
      for (const lock of locks) await lock.release();
    }
  });
}

/** A variant may have been continued during the rehearsal. */
async function requireRest(variants: readonly LandedVariant[], runs: readonly RunPaths[]): Promise<void> {
  for (const paths of runs) {
    const state = await loadState(paths);
    for (const { run, variant: name } of variants) {
      const variant = state.variants.find((candidate) => candidate.name === name);
      if (run !== state.id || variant === undefined || variant.phase.kind === 'finished') continue;
      throw new CopseError({
        code: 'running',
        exit: EXIT.precondition,
        what: `Variant ${name} was continued meanwhile.`,
        why: 'Only finished variants can be merged. Nothing was merged.',
        hint: `Wait for it, then repeat the command:\n  copse wait ${state.id}`,
      });
    }
  }
}

async function move(o: MergeOptions, onto: Onto, { to, variants }: Rehearsal): Promise<MergeOperation> {
  const { repository, store } = o;
  const { branch, from } = onto;
  const checkouts: readonly FollowingCheckout[] = await checkoutsOf(repository, branch);
  const now: CommitId | null = await readRef(repository.commonDir, `refs/heads/${branch}`);
  if (now !== from) throw movedMeanwhile(branch);
  const [problem] = await targetProblems({ repository, branch, checkouts, from, to });
  if (problem !== undefined) throw new CopseError({ code: 'in-the-way', exit: EXIT.precondition, ...problem });
  const operation: MergeOperation = {
    schema: 1,
    kind: 'merge',
    id: ulid(o.clock),
    at: o.clock.now().toISOString(),
    state: 'open',
    command: o.command,
    undoneBy: null,
    target: branch,
    from,
    to,
    checkouts,
    landed: variants,
    noVerify: o.noVerify,
  };
  await writeOperation(store, operation);
  failpoint('merge-intended');
  try {
    const message = `copse: merge ${variants.map(({ variant }) => variant).join(' ')}`;
    await moveBranch({ repository, branch, from, to, checkouts, message });
  } catch (error) {
    const moved = (await readRef(repository.commonDir, `refs/heads/${branch}`)) === to;
    if (!moved) await writeOperation(store, { ...operation, state: 'rolled-back' });
    throw error;
  }
  return operation;
}

function movedMeanwhile(branch: string): CopseError {
  return new CopseError({
    code: 'ref-moved',
    exit: EXIT.precondition,
    what: `${branch} moved meanwhile, twice.`,
    why: 'Something else commits to it. Nothing was merged.',
    hint: 'Repeat the command.',
  });
}

/** Whether a merge that was stopped is between the target's move and its end: before its journal is open nothing has moved. */
export async function isHalfLanded(store: Store): Promise<boolean> {
  return (await openOperations(store)).some(({ kind }) => kind === 'merge');
}
