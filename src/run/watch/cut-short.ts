import { CopseError } from '../../model/errors.ts';
import type { Operation } from '../../model/operation.ts';
import type { Store } from '../../store/layout.ts';
import { lockOwner } from '../../store/lock.ts';
import { openOperations, operationsLock } from '../../store/operations.ts';

/**
 * Operations that were killed and are not finished yet, one sentence each, with the command that finishes them. For commands that only look: to
 * commit the checkout's contents then would revert the merge.
 */
export async function cutShort(store: Store): Promise<readonly string[]> {
  const open = await openOperations(store).catch((error: unknown) => {
    // A journal that cannot be read stops commands that build on it, and doctor reports it; it does not stop a look at the runs.
    if (error instanceof CopseError) return [];
    throw error;
  });
  if (open.length === 0 || (await lockOwner(operationsLock(store)))?.alive === true) return [];
  return open.map(sentence);
}

function sentence(operation: Operation): string {
  const { command } = operation;
  const target = operation.kind === 'merge' ? operation.target : operation.kind === 'undo' ? operation.merge?.target : undefined;
  if (target === undefined) return `${command} was interrupted. Finish it: copse doctor --fix`;
  return `${command} was interrupted; a checkout of ${target} may still show the old files as staged changes. Finish it before you commit: copse doctor --fix`;
}
