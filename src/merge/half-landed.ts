import type { Store } from '../store/layout.ts';
import { openOperations } from '../store/operations.ts';

/** Whether something that was stopped stands between the target's move and its end: before its journal is open nothing has moved. */
export async function isHalfLanded(store: Store): Promise<boolean> {
  return (await openOperations(store)).some(({ kind }) => kind === 'merge');
}
