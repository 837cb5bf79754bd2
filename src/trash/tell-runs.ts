import type { Clock } from '../model/clock.ts';
import { CopseError } from '../model/errors.ts';
import type { RunId, VariantName } from '../model/ids.ts';
import type { MergeOperation, PruneOperation, TrashedItem, UndoOperation } from '../model/operation.ts';
import type { RunEventBody } from '../model/run-state/events.ts';
import type { Removed, RunState, VariantState } from '../model/run-state/state.ts';
import { appendHolding, appendToRun } from '../store/events/append-to-run.ts';
import { landingsOf, removalsOf } from '../store/events/variant-fold.ts';
import { runPaths, type Store } from '../store/layout.ts';

interface Teller {
  readonly store: Store;
  readonly clock: Clock;
}

/** Another command holds the run's lock for a moment (`attach`); a supervisor keeps it longer. */
const PATIENCE_MS = 2000;

/**
 * Writes into each run's log what became of its variants, once: `event` returns null if the log has it already. A run whose
 * records are gone, or that a supervisor holds again, is skipped: the journal has it anyway.
 */
async function tellRuns<T extends { readonly owner: { readonly run: RunId; readonly variant: VariantName } | null }>(
  o: Teller,
  purpose: string,
  items: readonly T[],
  event: (variant: VariantState, item: T) => RunEventBody | null,
  held: ReadonlySet<RunId> = new Set(),
): Promise<void> {
  const runs = new Set(items.flatMap(({ owner }) => owner?.run ?? []));
  for (const run of runs) {
    try {
      const bodies = (state: RunState): RunEventBody[] =>
        items.flatMap((item) => {
          const variant = item.owner?.run === run ? state.variants.find(({ name }) => name === item.owner?.variant) : undefined;
          // Only what is at rest takes such events; anything else belongs to a supervisor by now.
          if (variant === undefined || (variant.phase.kind !== 'finished' && variant.phase.kind !== 'queued')) return [];
          return event(variant, item) ?? [];
        });
      const paths = runPaths(o.store, run);
      if (held.has(run)) await appendHolding(paths, o.clock, bodies);
      else await appendToRun(paths, { purpose, clock: o.clock, waitMs: PATIENCE_MS }, bodies);
    } catch (error) {
      if (!(error instanceof CopseError && ['no-such-run', 'locked'].includes(error.code)) && !isMissing(error)) throw error;
    }
  }
}

/** The run's folder went with its records. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** `prune.removed` for what a prune moved into the trash. `held`: runs whose lock the caller holds. */
export function tellRemoved(o: Teller, operation: PruneOperation, held?: ReadonlySet<RunId>): Promise<void> {
  const gone = operation.items.filter(({ step }) => step === 'trashed');
  return tellRuns<TrashedItem>(
    o,
    operation.command,
    gone,
    (variant, item) => {
      if (item.owner === null || removalBy(operation, variant) !== undefined) return null;
      return {
        type: 'prune.removed',
        variant: item.owner.variant,
        operation: operation.id,
        worktree: item.worktree !== null,
        branch: item.branch !== null,
        why: item.why,
      };
    },
    held,
  );
}

/** `prune.purged` for these items: their files are permanently deleted. */
export function tellPurged(o: Teller, operation: PruneOperation, items: readonly TrashedItem[]): Promise<void> {
  return tellRuns(o, 'copse prune --purge', items, (variant, { owner }) =>
    owner === null || removalBy(operation, variant)?.purged !== false
      ? null
      : { type: 'prune.purged', variant: owner.variant, operation: operation.id },
  );
}

/** `undo.restored` for what came back, with its place and branch of now. */
export function tellRestored(o: Teller, operation: PruneOperation, undo: UndoOperation): Promise<void> {
  const back = operation.items.flatMap((item, n) => {
    const restored = undo.restored[n];
    return restored == null ? [] : [{ owner: item.owner, ...restored }];
  });
  return tellRuns(o, undo.command, back, (variant, { owner, path, branch }) =>
    owner === null || removalBy(operation, variant) === undefined
      ? null
      : { type: 'undo.restored', variant: owner.variant, operation: operation.id, by: undo.id, path, branch },
  );
}

function removalBy({ id }: PruneOperation, variant: VariantState): Removed | undefined {
  return removalsOf(variant).find(({ operation }) => operation === id);
}

/** The events of each merged variant, in the order of the merge. */
export function landedEvents(
  operation: MergeOperation,
): readonly { readonly run: RunId; readonly event: Extract<RunEventBody, { readonly type: 'merge.landed' }> }[] {
  return operation.landed.map(({ run, variant, commit, tip, as }, n) => ({
    run,
    event: {
      type: 'merge.landed',
      variant,
      operation: operation.id,
      target: operation.target,
      from: operation.landed[n - 1]?.commit ?? operation.from,
      to: commit,
      tip,
      as,
      ...(operation.noVerify ? { noVerify: true } : {}),
    },
  }));
}

/** `merge.landed` into the logs that do not have it yet. */
export function tellLanded(o: Teller, operation: MergeOperation): Promise<void> {
  const landed = landedEvents(operation).map(({ run, event }) => ({ owner: { run, variant: event.variant }, event }));
  return tellRuns(o, operation.command, landed, (variant, { event }) =>
    variant.landed?.operation === operation.id ? null : event,
  );
}

/** `merge.undone` for each variant of this merge. */
export function tellMergeUndone(o: Teller, operation: MergeOperation, undo: UndoOperation): Promise<void> {
  const landed = operation.landed.map(({ run, variant }) => ({ owner: { run, variant } }));
  return tellRuns(o, undo.command, landed, (variant) =>
    landingsOf(variant).some((landing) => landing.operation === operation.id)
      ? { type: 'merge.undone', variant: variant.name, operation: operation.id, by: undo.id }
      : null,
  );
}
