import { isRefusedRecord, refusalSentence } from '../git/worktree/own-path.ts';
import { CopseError } from '../model/errors.ts';
import type { Operation, UndoOperation } from '../model/operation.ts';
import { withLock } from '../store/lock.ts';
import { openOperations, operationsLock, readOperation, writeOperation } from '../store/operations.ts';
import type { TrashContext } from './finish-prune.ts';
import { settlePrune } from './removing/settle-prune.ts';
import { carryOutReturn } from './returning/bring-back.ts';
import { settleMerge, settleMergeUndo } from './settle-merge.ts';

/**
 * Finishes or rolls back operations of killed merge, prune and undo commands: one sentence for each. Their processes are provably
 * dead: they would hold the lock that is taken here. CopseError `locked` if one is still at work.
 */
export async function recoverOperations(o: TrashContext): Promise<readonly string[]> {
  // Without an open journal, as nearly always, no lock is taken.
  if ((await openOperations(o.store)).length === 0) return [];
  return withLock(operationsLock(o.store), { purpose: 'finish interrupted commands', clock: o.clock }, async () => {
    const sentences: string[] = [];
    for (const operation of await openOperations(o.store)) sentences.push(...(await recover(o, operation)));
    return sentences;
  });
}

async function recover(o: TrashContext, operation: Operation): Promise<readonly string[]> {
  try {
    const settled = await settle(o, operation);
    const left = settled.kind === 'prune' ? (settled.left ?? []) : [];
    return settled.state === 'done'
      ? [`${operation.command} had been interrupted; it is finished now.`, ...left]
      : [`${operation.command} had been interrupted before it took effect; nothing has changed.`, ...left];
  } catch (error) {
    // Whatever keeps an old one from being finished (a checkout, another user's folder, a bug in copse) must not keep
    // the others, or this command, from continuing: a command that touches the same things finds out by itself.
    if (!(error instanceof Error) || (error instanceof CopseError && error.code === 'locked')) throw error;
    const hint = error instanceof CopseError ? (error.hint ?? '') : 'Try again: copse doctor --fix';
    const what = isRefusedRecord(error) ? refusalSentence(error) : error.message;
    const sentence = `${operation.command} had been interrupted and cannot be finished yet: ${what} ${hint}`.trim();
    return (await saidBefore(o, operation, sentence)) ? [] : [sentence];
  }
}

/** Whether the same was reported before; records that it now is, if that can be written. */
async function saidBefore(o: TrashContext, { id }: Operation, sentence: string): Promise<boolean> {
  // Its progress until now is on disk.
  const now = await readOperation(o.store, id);
  if (now === null || now.stuck === sentence) return true;
  await writeOperation(o.store, { ...now, stuck: sentence }).catch((error: unknown) => {
    // No room for the note: it is said again then.
    if (!(error instanceof CopseError)) throw error;
  });
  return false;
}

async function settle(o: TrashContext, operation: Operation): Promise<Operation> {
  if (operation.kind === 'merge') return settleMerge(o, operation);
  if (operation.kind === 'prune') return settlePrune(o, operation);
  const of = await readOperation(o.store, operation.of);
  if (operation.merge !== null && of?.kind === 'merge') return settleMergeUndo(o, { ...operation, merge: operation.merge }, of);
  if (operation.merge === null && of?.kind === 'prune') return carryOutReturn(o, operation, of);
  // The operation that it was to undo is no longer on record: there is nothing to finish.
  const settled: UndoOperation = { ...operation, state: 'rolled-back' };
  await writeOperation(o.store, settled);
  return settled;
}
