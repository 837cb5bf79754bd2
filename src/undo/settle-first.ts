import { refuseNewerStore } from '../store/layout.ts';
import type { TrashContext } from '../trash/finish-prune.ts';
import { recoverOperations } from '../trash/recover.ts';

/** Before anything is undone: what a killed command left open is finished or rolled back, one sentence each. */
export async function settleFirst(o: TrashContext): Promise<readonly string[]> {
  await refuseNewerStore(o.store);
  return recoverOperations(o);
}
