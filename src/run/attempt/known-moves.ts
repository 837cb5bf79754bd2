import { stat } from 'node:fs/promises';
import { CopseError } from '../../model/errors.ts';
import type { CommitId, RefName } from '../../model/ids.ts';
import type { Operation } from '../../model/operation.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import { loadState } from '../../store/events/run-snapshot.ts';
import { runPaths, type Store } from '../../store/layout.ts';
import { listOperations } from '../../store/operations.ts';
import { listRunIds } from '../../store/run-folders.ts';
import { isErrno } from '../../system/files.ts';

/** From one commit to another; null: not there. */
export interface RefMove {
  readonly ref: RefName;
  readonly from: CommitId | null;
  readonly to: CommitId | null;
}

/** Changes of refs by copse itself since some moment, in this repository, by any command or run. */
export interface KnownMoves {
  /** By merge, prune and undo, in their order. */
  readonly moves: readonly RefMove[];
  /** Other runs that were at work since then. */
  readonly runs: readonly RunState[];
}

/** A journal may be older than what it did: a merge runs its checks first. */
const JOURNAL_AHEAD_MS = 24 * 3600 * 1000;

/** Reads what other runs and operations recorded; of runs only those whose log has grown since. */
export async function knownMoves(store: Store, o: { readonly except: string; readonly since: Date }): Promise<KnownMoves> {
  const runs: RunState[] = [];
  for (const id of await listRunIds(store)) {
    if (id === o.except) continue;
    const paths = runPaths(store, id);
    try {
      if ((await stat(paths.events)).mtimeMs >= o.since.getTime()) runs.push(await loadState(paths));
    } catch (error) {
      // Removed meanwhile, or damaged, which status reports: then its moves are not known.
      if (!(error instanceof CopseError) && !isErrno(error, 'ENOENT')) throw error;
    }
  }
  const operations = await listOperations(store).catch((error: unknown) => {
    if (error instanceof CopseError) return [];
    throw error;
  });
  const recent = operations.filter(({ at }) => Date.parse(at) >= o.since.getTime() - JOURNAL_AHEAD_MS);
  return { moves: recent.flatMap(movesOf), runs };
}

function movesOf(operation: Operation): RefMove[] {
  switch (operation.kind) {
    case 'merge':
      return [{ ref: branchRef(operation.target), from: operation.from, to: operation.to }];
    case 'prune':
      return operation.items.flatMap(({ branch, step }) =>
        branch === null || step === 'kept' ? [] : [{ ref: branchRef(branch.name), from: branch.commit, to: null }],
      );
    case 'undo': {
      const { merge } = operation;
      return merge === null ? [] : [{ ref: branchRef(merge.target), from: merge.from, to: merge.to }];
    }
  }
}

/** The part of a change that is not copse's: its own moves are removed at both ends. null: nothing. */
export function foreignPart(change: RefMove, moves: readonly RefMove[]): RefMove | null {
  const { ref } = change;
  const own = moves.filter((move) => move.ref === ref && move.from !== move.to);
  let { from, to } = change;
  while (own[0] !== undefined && own[0].from === from && from !== to) from = own.shift()?.to ?? null;
  while (own.at(-1)?.to === to && from !== to && own.length > 0) to = own.pop()?.from ?? null;
  return from === to ? null : { ref, from, to };
}

/**
 * Whether a branch is where its run has it. While a variant works its own run looks after its branch; once it rests, the branch is
 * where the run left it, or gone with prune.
 */
export function isVariantsOwn(variant: VariantState, is: CommitId | null, since: Date): boolean {
  const { phase, commit, created, removed, removedBefore } = variant;
  if (is === null) return removed !== null || removedBefore.length > 0;
  if (phase.kind !== 'finished') return true;
  return is === commit?.commit || is === created?.start || Date.parse(phase.at) >= since.getTime();
}

export function branchRef(branch: string): RefName {
  return `refs/heads/${branch}`;
}
